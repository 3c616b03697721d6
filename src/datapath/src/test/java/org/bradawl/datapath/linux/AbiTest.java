package org.bradawl.datapath.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.StructLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the structures and numbers against the C headers of the machine that the test runs on. */
class AbiTest {

  private static final Map<String, Long> OURS = new LinkedHashMap<>();

  static {
    OURS.put("sizeof(struct iovec)", Abi.IOVEC.byteSize());
    OURS.put("sizeof(struct msghdr)", Abi.MSGHDR.byteSize());
    OURS.put("sizeof(struct mmsghdr)", Abi.MMSGHDR.byteSize());
    OURS.put("sizeof(struct cmsghdr)", Abi.CMSGHDR.byteSize());
    OURS.put("sizeof(struct sockaddr_in)", Abi.SOCKADDR_IN.byteSize());
    OURS.put("sizeof(struct sockaddr_in6)", Abi.SOCKADDR_IN6.byteSize());
    OURS.put("sizeof(struct epoll_event)", Abi.EPOLL_EVENT.byteSize());
    OURS.put("offsetof(struct iovec, iov_base)", Abi.IOV_BASE);
    OURS.put("offsetof(struct iovec, iov_len)", Abi.IOV_LEN);
    OURS.put("offsetof(struct msghdr, msg_name)", Abi.MSG_NAME);
    OURS.put("offsetof(struct msghdr, msg_namelen)", Abi.MSG_NAMELEN);
    OURS.put("offsetof(struct msghdr, msg_iov)", Abi.MSG_IOV);
    OURS.put("offsetof(struct msghdr, msg_iovlen)", Abi.MSG_IOVLEN);
    OURS.put("offsetof(struct msghdr, msg_control)", Abi.MSG_CONTROL);
    OURS.put("offsetof(struct msghdr, msg_controllen)", Abi.MSG_CONTROLLEN);
    OURS.put("offsetof(struct msghdr, msg_flags)", Abi.MSG_FLAGS);
    OURS.put("offsetof(struct mmsghdr, msg_len)", Abi.MSG_LEN);
    OURS.put("offsetof(struct cmsghdr, cmsg_len)", Abi.CMSG_LEN);
    OURS.put("offsetof(struct cmsghdr, cmsg_level)", Abi.CMSG_LEVEL);
    OURS.put("offsetof(struct cmsghdr, cmsg_type)", Abi.CMSG_TYPE);
    OURS.put("CMSG_LEN(0)", Abi.CMSG_DATA);
    OURS.put("CMSG_SPACE(4)", Abi.CMSG_ROOM);
    OURS.put("offsetof(struct epoll_event, data)", Abi.EPOLL_DATA);
    OURS.put("offsetof(struct sockaddr_in, sin_port)", Abi.offset(Abi.SOCKADDR_IN, "sin_port"));
    OURS.put("offsetof(struct sockaddr_in, sin_addr)", Abi.offset(Abi.SOCKADDR_IN, "sin_addr"));
    OURS.put("offsetof(struct sockaddr_in6, sin6_port)", Abi.offset(Abi.SOCKADDR_IN6, "sin6_port"));
    OURS.put("offsetof(struct sockaddr_in6, sin6_addr)", Abi.offset(Abi.SOCKADDR_IN6, "sin6_addr"));
    OURS.put(
        "offsetof(struct sockaddr_in6, sin6_scope_id)",
        Abi.offset(Abi.SOCKADDR_IN6, "sin6_scope_id"));
    OURS.put("AF_INET", (long) Abi.AF_INET);
    OURS.put("AF_INET6", (long) Abi.AF_INET6);
    OURS.put("SOCK_STREAM", (long) Abi.SOCK_STREAM);
    OURS.put("SOCK_DGRAM", (long) Abi.SOCK_DGRAM);
    OURS.put("SOCK_NONBLOCK", (long) Abi.SOCK_NONBLOCK);
    OURS.put("SOCK_CLOEXEC", (long) Abi.SOCK_CLOEXEC);
    OURS.put("SOL_SOCKET", (long) Abi.SOL_SOCKET);
    OURS.put("SO_REUSEADDR", (long) Abi.SO_REUSEADDR);
    OURS.put("SO_TYPE", (long) Abi.SO_TYPE);
    OURS.put("SO_ERROR", (long) Abi.SO_ERROR);
    OURS.put("SO_SNDBUF", (long) Abi.SO_SNDBUF);
    OURS.put("SO_RCVBUF", (long) Abi.SO_RCVBUF);
    OURS.put("SO_REUSEPORT", (long) Abi.SO_REUSEPORT);
    OURS.put("SO_RXQ_OVFL", (long) Abi.SO_RXQ_OVFL);
    OURS.put("IPPROTO_TCP", (long) Abi.IPPROTO_TCP);
    OURS.put("TCP_NODELAY", (long) Abi.TCP_NODELAY);
    OURS.put("TCP_INFO", (long) Abi.TCP_INFO);
    OURS.put("TCP_CLOSE", (long) Abi.TCP_CLOSE);
    OURS.put("IPPROTO_IPV6", (long) Abi.IPPROTO_IPV6);
    OURS.put("IPV6_V6ONLY", (long) Abi.IPV6_V6ONLY);
    OURS.put("IPPROTO_IP", (long) Abi.IPPROTO_IP);
    OURS.put("IP_TTL", (long) Abi.IP_TTL);
    OURS.put("IP_MINTTL", (long) Abi.IP_MINTTL);
    OURS.put("IP_MTU_DISCOVER", (long) Abi.IP_MTU_DISCOVER);
    OURS.put("IPV6_MTU_DISCOVER", (long) Abi.IPV6_MTU_DISCOVER);
    OURS.put("IP_PMTUDISC_DONT", (long) Abi.IP_PMTUDISC_DONT);
    OURS.put("IP_PMTUDISC_DO", (long) Abi.IP_PMTUDISC_DO);
    OURS.put("IP_RECVERR", (long) Abi.IP_RECVERR);
    OURS.put("IPV6_RECVERR", (long) Abi.IPV6_RECVERR);
    OURS.put("MSG_ERRQUEUE", (long) Abi.MSG_ERRQUEUE);
    OURS.put("SO_EE_ORIGIN_LOCAL", (long) Abi.SO_EE_ORIGIN_LOCAL);
    OURS.put("SO_EE_ORIGIN_ICMP", (long) Abi.SO_EE_ORIGIN_ICMP);
    OURS.put("SO_EE_ORIGIN_ICMP6", (long) Abi.SO_EE_ORIGIN_ICMP6);
    OURS.put("sizeof(struct sock_extended_err)", Abi.EXTENDED_ERROR.byteSize());
    OURS.put("offsetof(struct sock_extended_err, ee_errno)", Abi.EE_ERRNO);
    OURS.put("offsetof(struct sock_extended_err, ee_origin)", Abi.EE_ORIGIN);
    OURS.put("offsetof(struct sock_extended_err, ee_type)", Abi.EE_TYPE);
    OURS.put("offsetof(struct sock_extended_err, ee_code)", Abi.EE_CODE);
    OURS.put("offsetof(struct sock_extended_err, ee_info)", Abi.EE_INFO);
    OURS.put("SOL_UDP", (long) Abi.SOL_UDP);
    OURS.put("UDP_SEGMENT", (long) Abi.UDP_SEGMENT);
    OURS.put("UDP_GRO", (long) Abi.UDP_GRO);
    OURS.put("MSG_DONTWAIT", (long) Abi.MSG_DONTWAIT);
    OURS.put("MSG_TRUNC", (long) Abi.MSG_TRUNC);
    OURS.put("MSG_NOSIGNAL", (long) Abi.MSG_NOSIGNAL);
    OURS.put("EPOLLIN", (long) Abi.EPOLLIN);
    OURS.put("EPOLLOUT", (long) Abi.EPOLLOUT);
    OURS.put("EPOLLERR", (long) Abi.EPOLLERR);
    OURS.put("EPOLLHUP", (long) Abi.EPOLLHUP);
    OURS.put("EPOLLRDHUP", (long) Abi.EPOLLRDHUP);
    OURS.put("EPOLL_CTL_ADD", (long) Abi.EPOLL_CTL_ADD);
    OURS.put("EPOLL_CTL_DEL", (long) Abi.EPOLL_CTL_DEL);
    OURS.put("EPOLL_CTL_MOD", (long) Abi.EPOLL_CTL_MOD);
    OURS.put("EPOLL_CLOEXEC", (long) Abi.EPOLL_CLOEXEC);
    OURS.put("EFD_NONBLOCK", (long) Abi.EFD_NONBLOCK);
    OURS.put("EFD_CLOEXEC", (long) Abi.EFD_CLOEXEC);
    OURS.put("PR_SET_TIMERSLACK", (long) Abi.PR_SET_TIMERSLACK);
    OURS.put("SCHED_ATTR_SIZE_VER0", Abi.SCHED_ATTR.byteSize());
    OURS.put("offsetof(struct sched_attr, sched_policy)", Abi.SCHED_POLICY);
    OURS.put("offsetof(struct sched_attr, sched_runtime)", Abi.SCHED_RUNTIME);
    OURS.put("SCHED_NORMAL", (long) Abi.SCHED_NORMAL);
    OURS.put("SYS_sched_setattr", Abi.SYS_SCHED_SETATTR);
    OURS.put("SYS_sched_getattr", Abi.SYS_SCHED_GETATTR);
    OURS.put("EINTR", (long) Abi.EINTR);
    OURS.put("EIO", (long) Abi.EIO);
    OURS.put("EAGAIN", (long) Abi.EAGAIN);
    OURS.put("EACCES", (long) Abi.EACCES);
    OURS.put("EINVAL", (long) Abi.EINVAL);
    OURS.put("EMFILE", (long) Abi.EMFILE);
    OURS.put("EMSGSIZE", (long) Abi.EMSGSIZE);
    OURS.put("EADDRINUSE", (long) Abi.EADDRINUSE);
    OURS.put("EADDRNOTAVAIL", (long) Abi.EADDRNOTAVAIL);
    OURS.put("ENOBUFS", (long) Abi.ENOBUFS);
    OURS.put("ECONNREFUSED", (long) Abi.ECONNREFUSED);
  }

  private static final String HEADERS =
      """
      #define _GNU_SOURCE
      #include <errno.h>
      #include <time.h>
      #include <linux/errqueue.h>
      #include <linux/sched.h>
      #include <linux/sched/types.h>
      #include <netinet/in.h>
      #include <netinet/tcp.h>
      #include <netinet/udp.h>
      #include <stddef.h>
      #include <stdint.h>
      #include <stdio.h>
      #include <sys/epoll.h>
      #include <sys/eventfd.h>
      #include <sys/prctl.h>
      #include <sys/socket.h>
      #include <sys/syscall.h>
      #include <sys/uio.h>
      """;

  @Test
  void agreesWithTheHeadersOfThisMachine(@TempDir Path folder) throws Exception {
    assumeTrue(Abi.describesThisMachine(), "the structures describe Linux on x86-64 and aarch64");
    assumeTrue(compilerIsThere(), "no C compiler (cc) on the PATH to ask about the headers");
    StringBuilder program = new StringBuilder();
    program.append(HEADERS).append("int main(void) {\n");
    OURS.keySet()
        .forEach(question -> program.append("printf(\"%ld\\n\", (long)(" + question + "));\n"));
    program.append("return 0; }\n");
    Path source = Files.writeString(folder.resolve("abi.c"), program);
    Path binary = folder.resolve("abi");
    assertThat(run("cc", "-o", binary.toString(), source.toString())).isEmpty();

    List<String> answers = run(binary.toString()).lines().toList();

    Map<String, Long> theirs = new LinkedHashMap<>();
    int line = 0;
    for (String question : OURS.keySet()) {
      theirs.put(question, Long.parseLong(answers.get(line++)));
    }
    assertThat(theirs).isEqualTo(OURS);
  }

  /**
   * The numbers and the other structures are the same on both machines. Asked of every compiler
   * that is here: that of this machine, and one for aarch64 where it is installed.
   */
  @ParameterizedTest
  @MethodSource("compilers")
  void agreesWithTheHeadersOfEachMachine(String compiler, String architecture, @TempDir Path folder)
      throws Exception {
    Map<String, Long> ours = new LinkedHashMap<>(OURS);
    StructLayout event = Abi.epollEvent(architecture);
    ours.put("sizeof(struct epoll_event)", event.byteSize());
    ours.put("offsetof(struct epoll_event, data)", Abi.offset(event, "data"));
    ours.put("SYS_sched_setattr", Abi.schedSetattr(architecture));
    ours.put("SYS_sched_getattr", Abi.schedSetattr(architecture) + 1);
    StringBuilder program = new StringBuilder(HEADERS);
    ours.forEach((question, answer) ->
        program.append("_Static_assert(" + question + " == " + answer + ", \"\");\n"));
    Path source = Files.writeString(folder.resolve("asserts.c"), program);

    assertThat(run(compiler, "-c", "-o", folder.resolve("o").toString(), source.toString()))
        .isEmpty();
  }

  private static Stream<Arguments> compilers() {
    Map<String, String> known =
        Map.of("cc", System.getProperty("os.arch"), "aarch64-linux-gnu-gcc", "aarch64");
    return known.entrySet().stream()
        .filter(each -> compilerIsThere(each.getKey()))
        .map(each -> Arguments.of(each.getKey(), each.getValue()));
  }

  /** Where no compiler for aarch64 is there to be asked: the structure without its packing. */
  @Test
  void withoutPackingTheEventIsLaidOutAsOnAarch64(@TempDir Path folder) throws Exception {
    assumeTrue(compilerIsThere("cc"), "no C compiler (cc) on the PATH");
    StructLayout event = Abi.epollEvent("aarch64");
    String program =
        HEADERS
            + "struct natural { uint32_t events; epoll_data_t data; };\n"
            + "_Static_assert(sizeof(struct natural) == %d, \"\");\n".formatted(event.byteSize())
            + "_Static_assert(offsetof(struct natural, data) == %d, \"\");\n"
                .formatted(Abi.offset(event, "data"));
    Path source = Files.writeString(folder.resolve("natural.c"), program);

    assertThat(run("cc", "-c", "-o", folder.resolve("o").toString(), source.toString())).isEmpty();
  }

  private static boolean compilerIsThere() {
    return compilerIsThere("cc");
  }

  private static boolean compilerIsThere(String compiler) {
    try {
      return new ProcessBuilder(compiler, "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
