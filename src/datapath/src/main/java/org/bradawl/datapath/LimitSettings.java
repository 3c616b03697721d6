package org.bradawl.datapath;

import java.util.List;
import java.util.Optional;
import org.bradawl.turn.server.Cidr;
import org.bradawl.turn.server.Rates;
import org.bradawl.turn.server.ReplyBounds;
import org.bradawl.turn.server.TurnSettings.Quotas;

/**
 * What a user may use: the {@code bradawl.turn.quota.*} and {@code bradawl.turn.rate.*} keys. All
 * of them may change while the server runs.
 */
public record LimitSettings(Quotas quotas, Rates rates, ReplyBounds replies) {

  static final String QUOTA = "bradawl.turn.quota.";
  static final String RATE = "bradawl.turn.rate.";

  private static final int MOST = 1_000_000;

  static LimitSettings from(SettingsReader reader) {
    return new LimitSettings(quotas(reader), rates(reader), replies(reader));
  }

  private static Quotas quotas(SettingsReader reader) {
    Quotas usual = Quotas.DEFAULT;
    int total = quota(reader, "total", usual.allocations());
    return new Quotas(
        total,
        quota(reader, "per-user", Math.min(total, usual.allocationsPerUser())),
        quota(reader, "per-application", total),
        quota(reader, "permissions", usual.permissionsPerAllocation()),
        quota(reader, "channels", usual.channelsPerAllocation()));
  }

  private static int quota(SettingsReader reader, String name, int otherwise) {
    return reader.number(QUOTA + name, otherwise, 0, MOST, "is no number of them");
  }

  private static Rates rates(SettingsReader reader) {
    return new Rates(
        rate(reader, "total"),
        rate(reader, "per-application"),
        rate(reader, "per-user"),
        rate(reader, "per-allocation"));
  }

  /** Bytes a second, with k, M or G for thousands, millions and billions. */
  private static long rate(SettingsReader reader, String name) {
    Optional<String> text = reader.text(RATE + name);
    if (text.isEmpty()) {
      return 0;
    }
    String digits = text.get().replaceFirst("[kMG]$", "");
    if (digits.matches("[0-9]{1,12}")) {
      long rate = Long.parseLong(digits) * unit(text.get());
      if (rate <= Rates.MOST) {
        return rate;
      }
    }
    throw new ConfigurationProblem(
        RATE + name,
        "is no rate",
        "Give bytes a second, such as 125000, 125k, 10M or 1G, up to 100G; 0 for no bound.");
  }

  private static long unit(String rate) {
    return switch (rate.charAt(rate.length() - 1)) {
      case 'k' -> 1_000;
      case 'M' -> 1_000_000;
      case 'G' -> 1_000_000_000;
      default -> 1;
    };
  }

  private static ReplyBounds replies(SettingsReader reader) {
    ReplyBounds usual = ReplyBounds.DEFAULT;
    return new ReplyBounds(
        replies(reader, "replies", usual.perSecond()),
        replies(reader, "redirected-replies", usual.redirectedPerSecond()),
        exempt(reader, usual));
  }

  private static List<Cidr> exempt(SettingsReader reader, ReplyBounds usual) {
    return switch (reader.text(RATE + "exempt").orElse("")) {
      case "" -> usual.exempt();
      case "none" -> List.of();
      default -> RelaySettings.ranges(reader, RATE + "exempt");
    };
  }

  private static int replies(SettingsReader reader, String name, int otherwise) {
    return reader.number(RATE + name, otherwise, 0, MOST, "is no number of replies a second");
  }
}
