package org.bradawl.server.allocations.control;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bradawl.server.platform.control.HistoryEntry.RelayEnded;
import org.bradawl.server.platform.control.HistoryEntry.RelaySession;
import org.bradawl.server.platform.control.HistoryEntry.RelayStarted;
import org.bradawl.server.platform.control.HistoryEntry.RelayTold;
import org.bradawl.server.platform.control.Text;

/**
 * What is to be written of several relay sessions: one statement for each, and none that only
 * looks. A session that began and ended within the batch is one row from the first.
 */
final class RelaySessionBatch {

  /** Does nothing to a row that is there, on H2 and on PostgreSQL alike. */
  private static final String INSERT =
      """
      insert into relay_session (id, user_name, application, peer, client_address,
          relayed_address, additional_address, transport, started, ended, bytes_up, packets_up,
          bytes_down, packets_down, end_reason)
      select cast(? as varchar), cast(? as varchar), cast(? as varchar), cast(? as varchar),
          cast(? as varchar), cast(? as varchar), cast(? as varchar), cast(? as varchar),
          cast(? as timestamp(6) with time zone), cast(? as timestamp(6) with time zone),
          cast(? as bigint), cast(? as bigint), cast(? as bigint), cast(? as bigint),
          cast(? as varchar)
      where not exists (select 1 from relay_session where started = ? and id = ?)\
      """;

  private static final String UPDATE =
      """
      update relay_session set ended = ?, bytes_up = ?, packets_up = ?, bytes_down = ?,
          packets_down = ?, end_reason = ? where started = ? and id = ?\
      """;

  /**
   * What the batch tells of a session.
   *
   * @param fresh whether its beginning is in the batch too, so that a row is not expected
   */
  private record Told(RelaySession session, boolean fresh, Optional<RelayEnded> end) {

    static Told of(RelayTold told) {
      return switch (told) {
        case RelayStarted started -> new Told(started.session(), true, Optional.empty());
        case RelayEnded over -> new Told(over.session(), false, Optional.of(over));
      };
    }

    Told and(Told later) {
      return new Told(session, fresh || later.fresh, later.end.or(() -> end));
    }
  }

  private final List<Told> sessions;

  private RelaySessionBatch(List<Told> sessions) {
    this.sessions = sessions;
  }

  /** What these tell, in the order they were told. */
  static RelaySessionBatch of(List<RelayTold> told) {
    Map<String, Told> sessions = new LinkedHashMap<>();
    told.forEach(one -> sessions.merge(one.session().id(), Told.of(one), Told::and));
    return new RelaySessionBatch(List.copyOf(sessions.values()));
  }

  /** Writes all, in the transaction that this connection is in. */
  void write(Connection connection) throws SQLException {
    List<Told> known = insert(connection, sessions.stream().filter(Told::fresh).toList());
    // Written before: a batch whose answer was lost is told again.
    update(connection, known.stream().filter(told -> told.end().isPresent()).toList());
    List<Told> unknown =
        update(connection, sessions.stream().filter(told -> !told.fresh()).toList());
    // Their beginning found the queue full.
    insert(connection, unknown);
  }

  /** Those that were there already, and are as they were. */
  private static List<Told> insert(Connection connection, List<Told> rows) throws SQLException {
    return write(connection, INSERT, rows, RelaySessionBatch::row);
  }

  /** Those that were not there. */
  private static List<Told> update(Connection connection, List<Told> rows) throws SQLException {
    return write(connection, UPDATE, rows, RelaySessionBatch::end);
  }

  /** Sets the parameters of a statement. */
  private interface Binding {
    void bind(PreparedStatement statement, Told told) throws SQLException;
  }

  /** Those for which it wrote nothing. */
  private static List<Told> write(
      Connection connection, String sql, List<Told> rows, Binding binding) throws SQLException {
    if (rows.isEmpty()) {
      return List.of();
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (Told told : rows) {
        binding.bind(statement, told);
        statement.addBatch();
      }
      int[] written = statement.executeBatch();
      List<Told> untouched = new ArrayList<>();
      for (int i = 0; i < written.length; i++) {
        if (written[i] == 0) {
          untouched.add(rows.get(i));
        }
      }
      return untouched;
    }
  }

  private static void row(PreparedStatement statement, Told told) throws SQLException {
    RelaySession session = told.session();
    statement.setString(1, session.id());
    statement.setString(2, Text.fit(session.user(), 513));
    statement.setString(3, Text.fit(session.application(), 64));
    statement.setString(4, Text.fit(session.peer(), 513));
    statement.setString(5, session.client());
    statement.setString(6, session.relayed());
    statement.setString(7, session.additional());
    statement.setString(8, session.transport());
    instant(statement, 9, session.started());
    if (told.end().isPresent()) {
      RelayEnded over = told.end().get();
      instant(statement, 10, over.ended());
      traffic(statement, 11, over);
      statement.setString(15, Text.fit(over.reason(), 32));
    } else {
      statement.setNull(10, Types.TIMESTAMP_WITH_TIMEZONE);
      for (int column = 11; column < 15; column++) {
        statement.setLong(column, 0);
      }
      statement.setNull(15, Types.VARCHAR);
    }
    key(statement, 16, session);
  }

  private static void end(PreparedStatement statement, Told told) throws SQLException {
    RelayEnded over = told.end().orElseThrow();
    instant(statement, 1, over.ended());
    traffic(statement, 2, over);
    statement.setString(6, Text.fit(over.reason(), 32));
    key(statement, 7, over.session());
  }

  /** Beginnings grow, so those that are written together lie together. */
  private static void key(PreparedStatement statement, int first, RelaySession session)
      throws SQLException {
    instant(statement, first, session.started());
    statement.setString(first + 1, session.id());
  }

  /** As exact as the column, or a row would not be found again. */
  private static void instant(PreparedStatement statement, int column, Instant when)
      throws SQLException {
    statement.setObject(column, when.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC));
  }

  private static void traffic(PreparedStatement statement, int first, RelayEnded over)
      throws SQLException {
    statement.setLong(first, over.bytesUp());
    statement.setLong(first + 1, over.packetsUp());
    statement.setLong(first + 2, over.bytesDown());
    statement.setLong(first + 3, over.packetsDown());
  }
}
