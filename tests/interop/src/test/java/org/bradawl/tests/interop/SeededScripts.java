package org.bradawl.tests.interop;

import static org.bradawl.tests.interop.Phrases.ALLOCATE;
import static org.bradawl.tests.interop.Phrases.BIND;
import static org.bradawl.tests.interop.Phrases.PERMIT;
import static org.bradawl.tests.interop.Phrases.REFRESH;
import static org.bradawl.tests.interop.Phrases.UDP;
import static org.bradawl.tests.interop.Phrases.family;
import static org.bradawl.tests.interop.Phrases.peer;
import static org.bradawl.tests.interop.Phrases.plain;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bradawl.stun.Bytes;
import org.bradawl.stun.Method;
import org.bradawl.stun.attribute.Attribute;
import org.bradawl.stun.attribute.ChannelNumber;
import org.bradawl.stun.attribute.Data;
import org.bradawl.stun.attribute.DontFragment;
import org.bradawl.stun.attribute.EvenPort;
import org.bradawl.stun.attribute.Lifetime;
import org.bradawl.stun.attribute.RequestedTransport;
import org.bradawl.stun.attribute.ReservationToken;
import org.bradawl.stun.attribute.Software;
import org.bradawl.stun.attribute.UnknownAttribute;

/** Talks by chance: authentic requests with some attributes each, under a name that says which. */
final class SeededScripts {

  private SeededScripts() {}

  /** As many talks, the same ones each time. */
  static List<Script> of(int count) {
    List<Script> seeded = new ArrayList<>();
    for (int seed = 1; seed <= count; seed++) {
      Random random = new Random(seed);
      Method.Known method =
          List.of(Method.Known.BINDING, ALLOCATE, REFRESH, PERMIT, BIND).get(random.nextInt(5));
      List<Attribute> attributes = new ArrayList<>(base(method));
      StringBuilder names = new StringBuilder();
      boolean strays = false;
      for (int i = random.nextInt(3); i > 0; i--) {
        Attribute extra = extra(random);
        attributes.add(random.nextInt(attributes.size() + 1), extra);
        strays |= isStray(method, extra);
        names.append(" ").append(describe(extra));
      }
      boolean allocates = method != ALLOCATE && random.nextInt(4) > 0;
      String name =
          "seed %d: %s%s%s%s"
              .formatted(
                  seed,
                  method,
                  allocates ? " on an allocation" : "",
                  strays ? " with strays" : "",
                  names);
      Attribute[] all = attributes.toArray(Attribute[]::new);
      Script.Line line =
          method == Method.Known.BINDING
              ? talk -> plain(talk, method, all)
              : talk -> talk.signed(method, all);
      seeded.add(new Script(name, allocates, List.of(line)));
    }
    return seeded;
  }

  private static List<Attribute> base(Method.Known method) {
    return switch (method) {
      case ALLOCATE -> List.of(UDP);
      case CREATE_PERMISSION -> List.of(peer("127.0.0.1", 9));
      case CHANNEL_BIND -> List.of(new ChannelNumber(0x4000), peer("127.0.0.1", 9));
      default -> List.of();
    };
  }

  private static Attribute extra(Random random) {
    return switch (random.nextInt(13)) {
      case 0 -> new Lifetime(List.of(0L, 1L, 599L, 601L, 3600L, 9999L).get(random.nextInt(6)));
      case 1 -> new UnknownAttribute(0x7100 + random.nextInt(3), Bytes.ofInt(random.nextInt()));
      case 2 -> new UnknownAttribute(0xc100 + random.nextInt(3), Bytes.ofInt(random.nextInt()));
      case 3 -> new Software("x".repeat(random.nextInt(1, 30)));
      case 4 -> family(List.of(1, 1, 3, 0).get(random.nextInt(4)));
      case 5 -> new EvenPort(random.nextBoolean());
      case 6 -> new ReservationToken(random.nextLong());
      case 7 -> new ChannelNumber(0x3ffe + random.nextInt(4));
      case 8 -> peer("127.0.0." + (1 + random.nextInt(3)), 9 + random.nextInt(2));
      case 9 -> peer("224.0.0.1", 9);
      case 10 -> new RequestedTransport(random.nextBoolean() ? 17 : random.nextInt(256));
      case 11 -> new DontFragment();
      default -> new Data(Bytes.owning(new byte[random.nextInt(9)]));
    };
  }

  /** Whether an attribute that must be understood has no business in a request of this method. */
  private static boolean isStray(Method.Known method, Attribute attribute) {
    List<Integer> atHome =
        switch (method) {
          case ALLOCATE -> List.of(0x0d, 0x17, 0x18, 0x19, 0x1a, 0x22);
          case REFRESH -> List.of(0x0d);
          case CREATE_PERMISSION -> List.of(0x12);
          case CHANNEL_BIND -> List.of(0x0c, 0x12);
          default -> List.of();
        };
    return attribute.type() < 0x7000 && !atHome.contains(attribute.type());
  }

  private static String describe(Attribute attribute) {
    return attribute instanceof Software
        ? "SOFTWARE"
        : attribute.toString().replaceAll("^(\\w+)\\[(.*)]$", "$1($2)").replaceAll("\\s+", "");
  }
}
