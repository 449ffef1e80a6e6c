package io.confiture.postgres;

import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session of the server that a transaction pooler lends for one transaction, and gives to another client afterwards. */
final class LentSession {
    private static final Logger log = LoggerFactory.getLogger(LentSession.class);

    private final Session session;
    private final SessionSettings settings;
    private final SessionRemains remains;

    private LentSession(Session session) throws SQLException {
        this.session = session;
        this.settings = SessionSettings.read(session, true);
        this.remains = SessionRemains.before(session);
    }

    /** In a transaction that has just begun: notes how the session came, and sets ours for this transaction. */
    static LentSession begin(Session session, SessionSettings.Ours ours) throws SQLException {
        LentSession lent = new LentSession(session);
        lent.settings.apply(session, ours);
        return lent;
    }

    SessionSettings settings() {
        return settings;
    }

    /** Before a commit. */
    boolean leaveAsItCame() throws SQLException {
        takeAwayWhatIsLeft();
        settings.restore(session);
        return true;
    }

    /** In a transaction that has not failed; settings go back by themselves when it is rolled back. */
    void takeAwayWhatIsLeft() throws SQLException {
        List<String> left = remains.clear();
        if (!left.isEmpty()) {
            log.warn(
                    "Taken away, because behind a transaction pooler another client would have got it: {}",
                    String.join(", ", left));
        }
    }
}
