package org.bradawl.agent.portmapping;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bradawl.stun.IpAddress;
import org.bradawl.stun.TransportAddress;

/**
 * UPnP's Internet Gateway Device (WANIPConnection 1 and 2, WANPPPConnection 1): found by SSDP,
 * asked by SOAP. Only the gateway itself is listened to; what else is on the network and claims to
 * be one would have us talk to strangers.
 */
final class Upnp implements Protocol {

  private static final InetSocketAddress SSDP =
      new InetSocketAddress(IpAddress.parse("239.255.255.250").toInetAddress(), 1900);

  /** Twice, because multicasts get lost on wireless networks (UPnP Device Architecture §1.3.2). */
  private static final int SEARCHES = 2;

  private static final int WAIT_MILLIS = 700;
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int MOST_BYTES = 256 << 10;

  private static final Pattern LOCATION =
      Pattern.compile(
          "^location:\\s*(http://\\S+)\\s*$", Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

  private static final Pattern SERVICE =
      Pattern.compile(
          "<serviceType>\\s*(urn:schemas-upnp-org:service:WAN(?:IP|PPP)Connection:[12])\\s*"
              + "</serviceType>.*?<controlURL>\\s*([^<\\s]+)\\s*</controlURL>",
          Pattern.DOTALL);

  private record Control(URI uri, String service) {}

  private final HttpClient http;
  private final IpAddress gateway;
  private final IpAddress self;
  private Optional<Control> found = Optional.empty();

  Upnp(HttpClient http, IpAddress gateway, IpAddress self) {
    this.http = http;
    this.gateway = gateway;
    this.self = self;
  }

  @Override
  public boolean isSpoken() {
    try {
      control();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private Control control() throws IOException {
    if (found.isEmpty()) {
      URI description = search();
      String text = exchange(HttpRequest.newBuilder(description).GET().timeout(PATIENCE).build());
      Matcher service = SERVICE.matcher(text);
      if (!service.find()) {
        throw new IOException("the router describes no connection to the internet");
      }
      URI uri = description.resolve(service.group(2));
      if (!isGateway(uri)) {
        throw new IOException("the router sends us to somebody else: " + uri);
      }
      found = Optional.of(new Control(uri, service.group(1)));
    }
    return found.get();
  }

  private boolean isGateway(URI uri) {
    return gateway.toString().equals(uri.getHost());
  }

  private URI search() throws IOException {
    byte[] question =
        """
        M-SEARCH * HTTP/1.1\r
        HOST: 239.255.255.250:1900\r
        MAN: "ssdp:discover"\r
        MX: 1\r
        ST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r
        \r
        """
            .getBytes(StandardCharsets.US_ASCII);
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(self.toInetAddress(), 0))) {
      socket.setSoTimeout(WAIT_MILLIS);
      for (int i = 0; i < SEARCHES; i++) {
        socket.send(new DatagramPacket(question, question.length, SSDP));
        Optional<URI> location = answer(socket);
        if (location.isPresent()) {
          return location.get();
        }
      }
    }
    throw new IOException("no router answers to UPnP");
  }

  private Optional<URI> answer(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
    try {
      while (true) {
        packet.setLength(2_048);
        socket.receive(packet);
        String text =
            new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
        Matcher location = LOCATION.matcher(text);
        if (location.find() && isGateway(URI.create(location.group(1)))) {
          return Optional.of(URI.create(location.group(1)));
        }
      }
    } catch (SocketTimeoutException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private String exchange(HttpRequest request) throws IOException {
    try {
      HttpResponse<String> response =
          http.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      String body = response.body();
      if (response.statusCode() != 200 || body.length() > MOST_BYTES) {
        throw new IOException("the router refuses by UPnP: " + problem(response));
      }
      return body;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String problem(HttpResponse<String> response) {
    return value(response.body(), "errorDescription").orElse("status " + response.statusCode());
  }

  private static Optional<String> value(String xml, String name) {
    Matcher value = Pattern.compile("<" + name + "[^>]*>([^<]*)</" + name + ">").matcher(xml);
    return value.find() ? Optional.of(value.group(1).strip()) : Optional.empty();
  }

  private String call(String action, Map<String, String> arguments) throws IOException {
    Control control = control();
    StringBuilder body = new StringBuilder();
    body.append("<?xml version=\"1.0\"?><s:Envelope")
        .append(" xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"")
        .append(" s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body><u:")
        .append(action)
        .append(" xmlns:u=\"")
        .append(control.service())
        .append("\">");
    arguments.forEach((name, text) ->
        body.append('<')
            .append(name)
            .append('>')
            .append(text)
            .append("</")
            .append(name)
            .append('>'));
    body.append("</u:").append(action).append("></s:Body></s:Envelope>");
    return exchange(
        HttpRequest.newBuilder(control.uri())
            .timeout(PATIENCE)
            .header("Content-Type", "text/xml; charset=\"utf-8\"")
            .header("SOAPAction", "\"" + control.service() + "#" + action + "\"")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build());
  }

  @Override
  public Mapping open(int port, Duration lifetime) throws IOException {
    Map<String, String> arguments = new LinkedHashMap<>();
    arguments.put("NewRemoteHost", "");
    arguments.put("NewExternalPort", Integer.toString(port));
    arguments.put("NewProtocol", "UDP");
    arguments.put("NewInternalPort", Integer.toString(port));
    arguments.put("NewInternalClient", self.toString());
    arguments.put("NewEnabled", "1");
    arguments.put("NewPortMappingDescription", "bradawl");
    arguments.put("NewLeaseDuration", Long.toString(lifetime.toSeconds()));
    call("AddPortMapping", arguments);
    String address =
        value(call("GetExternalIPAddress", Map.of()), "NewExternalIPAddress")
            .orElseThrow(() -> new IOException("the router knows no address of its own"));
    try {
      return new Mapping(new TransportAddress(IpAddress.parse(address), port), lifetime);
    } catch (IllegalArgumentException e) {
      throw new IOException("the router calls itself " + address, e);
    }
  }

  @Override
  public void close(int port) throws IOException {
    Map<String, String> arguments = new LinkedHashMap<>();
    arguments.put("NewRemoteHost", "");
    arguments.put("NewExternalPort", Integer.toString(port));
    arguments.put("NewProtocol", "UDP");
    call("DeletePortMapping", arguments);
  }
}
