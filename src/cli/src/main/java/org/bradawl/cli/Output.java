package org.bradawl.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Set;
import org.bradawl.agent.Event;
import org.bradawl.agent.json.Json;

/** Tells events: as JSON, one object a line, or in words on standard error. */
final class Output {

  /** What only those want to know who look closely. */
  private static final Set<String> CLOSE_UP =
      Set.of("asked", "plan", "explained", "report-taken", "examined");

  private final boolean json;
  private final boolean verbose;
  private volatile PrintStream lines = System.out;
  private String last = "";

  Output(CommonOptions options) {
    this.json = options.json;
    this.verbose = options.verbose;
  }

  /** From now on standard output belongs to somebody else. */
  void giveUpStandardOutput() {
    lines = System.err;
  }

  synchronized void tell(Event event) {
    if (json) {
      lines.println(Json.of(event.tree()));
      lines.flush();
    } else if (verbose || !CLOSE_UP.contains(event.name())) {
      String words = words(event);
      // A server that is away for long is said to be so once, not at each try.
      if (!words.equals(last) || !event.name().equals("signaling-lost")) {
        System.err.println("bradawl: " + words);
      }
      last = words;
    }
  }

  private static String words(Event event) {
    Json details = Json.of(event.details());
    String peer = details.get("peer").textOrEmpty();
    return switch (event.name()) {
      case "connected" -> "connected to " + peer + " " + way(details);
      case "path" -> "the connection to " + peer + " now goes " + way(details);
      case "path-lost" ->
          "lost the "
              + details.get("path").textOrEmpty()
              + " way to "
              + peer
              + details.get("left").text().map(left -> ", going on " + left).orElse("");
      case "disconnected" -> peer + " is gone";
      case "examining" -> "examining the NAT, which takes up to 3 seconds";
      case "examined" ->
          "mapping "
              + details.get("mapping").textOrEmpty()
              + ", filtering "
              + details.get("filtering").textOrEmpty();
      case "asked" -> "asked " + peer;
      case "away" ->
          "nothing has been heard of %s for %d s; waiting up to %d s for it"
              .formatted(
                  peer,
                  details.get("seconds").number().orElse(0),
                  details.get("waits").number().orElse(0));
      case "plan" ->
          "plan for "
              + peer
              + String.join("", lines(details.get("steps")).stream().map(s -> "\n  " + s).toList());
      case "explained" -> String.join(" ", lines(details.get("explanation")));
      case "turned-down" -> "turned down " + peer + ", who is not allowed here";
      case "listening" -> "listening as " + peer;
      case "forwarding" ->
          "forwarding "
              + details.get("local").textOrEmpty()
              + " to "
              + details.get("to").textOrEmpty()
              + " of "
              + peer;
      case "port-mapping" ->
          details
              .get("external")
              .text()
              .map(external -> "the router has opened " + external)
              .orElse("the router opens no port");
      case "moved" ->
          "this host is in another network"
              + details.get("address").text().map(here -> ", at " + here).orElse("");
      case "report-taken" ->
          "the server takes the report for " + details.get("standing").textOrEmpty();
      case "server-error" -> "the server complains: " + details.get("message").textOrEmpty();
      case "signaling-back" -> "the server is back";
      case "signaling-lost" ->
          "lost the server (" + details.get("why").textOrEmpty() + "), trying again";
      default -> event.name() + " " + details;
    };
  }

  private static List<String> lines(Json list) {
    return list.list().stream().map(Json::textOrEmpty).toList();
  }

  private static String way(Json details) {
    return details.get("path").textOrEmpty()
        + " over "
        + details.get("transport").textOrEmpty()
        + ", "
        + details.get("local").textOrEmpty()
        + " to "
        + details.get("remote").textOrEmpty()
        + " ("
        + details.get("millis")
        + " ms)";
  }
}
