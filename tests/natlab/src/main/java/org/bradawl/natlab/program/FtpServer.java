package org.bradawl.natlab.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.bradawl.natlab.net.Namespace;
import org.bradawl.natlab.world.Internet;
import org.bradawl.tests.support.Program;

/**
 * vsftpd with one file. In active FTP the client names the endpoint that the server is to connect
 * to; behind a NAT that is one that nobody outside can reach, and vsftpd refuses it.
 */
public final class FtpServer implements AutoCloseable {

  /** What the file holds. */
  public static final String CONTENT = "a file of the lab";

  private static final Duration LIMIT = Duration.ofSeconds(15);

  private final Program program;
  private final Path folder;

  private FtpServer(Program program, Path folder) {
    this.program = program;
    this.folder = folder;
  }

  /** Starts it at the control's first address. */
  public static FtpServer start(Internet internet) {
    try {
      Path folder = Files.createTempDirectory("bradawl-lab-");
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      Path file = Files.writeString(folder.resolve("file"), CONTENT);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      Path settings = Files.write(folder.resolve("settings"), settings(folder));
      Program program =
          Program.start(
              Map.of(), internet.namespace().inside(List.of("vsftpd", settings.toString())));
      return new FtpServer(program, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> settings(Path folder) {
    return List.of(
        "listen=YES",
        "listen_address=" + Internet.CONTROL.getFirst(),
        "background=NO",
        "anonymous_enable=YES",
        "local_enable=NO",
        "no_anon_password=YES",
        "anon_root=" + folder,
        "secure_chroot_dir=" + folder,
        "seccomp_sandbox=NO");
  }

  /**
   * Gets the file by active FTP from a host.
   *
   * @return what curl said, the file included
   */
  public static String get(Namespace host) {
    List<String> command =
        host.inside(
            "curl",
            "--silent",
            "--verbose",
            // The server may need a moment before it listens.
            "--retry-connrefused",
            "--retry",
            "5",
            "--retry-delay",
            "1",
            "--max-time",
            "10",
            "--disable-eprt",
            "--ftp-port",
            "-",
            "ftp://" + Internet.CONTROL.getFirst() + "/file");
    return Program.run(LIMIT, command.toArray(String[]::new)).output();
  }

  @Override
  public void close() {
    program.close();
    try {
      for (String name : List.of("file", "settings")) {
        Files.deleteIfExists(folder.resolve(name));
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
