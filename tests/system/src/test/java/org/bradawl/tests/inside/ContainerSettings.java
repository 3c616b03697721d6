package org.bradawl.tests.inside;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.bradawl.tests.support.Checkout;
import org.bradawl.tests.support.FreePorts;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Chooses the ports and the folder of the container that Arquillian starts, before it reads {@code
 * arquillian.xml}. JUnit loads it as a service.
 */
public final class ContainerSettings implements LauncherSessionListener {

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Path files = Checkout.ROOT.resolve("deploy/payara");
    Path data = Checkout.freshFolder("inside");
    int stun = FreePorts.consecutive(2);
    Map<String, String> settings =
        Map.of(
            "bradawl.http.address", "127.0.0.1",
            "bradawl.http.port", Integer.toString(FreePorts.one()),
            "bradawl.listen.address", "127.0.0.1",
            "bradawl.listen.port", Integer.toString(stun),
            "bradawl.listen.alternate-port", Integer.toString(stun + 1),
            "bradawl.listen.tls-port", "0",
            "bradawl.data.directory", data.toString());
    System.setProperty("bradawl.test.deployed", files.resolve("target/bradawl").toString());
    System.setProperty(
        "bradawl.test.java-options",
        "@%s %s"
            .formatted(
                files.resolve("jvm.options"),
                settings.entrySet().stream()
                    .map(setting -> "-D" + setting.getKey() + "=" + setting.getValue())
                    .collect(Collectors.joining(" "))));
    System.setProperty(
        "bradawl.test.payara-options",
        "--rootdir %s --prebootcommandfile %s"
            .formatted(data.resolve("payara"), files.resolve("pre-boot.asadmin")));
  }
}
