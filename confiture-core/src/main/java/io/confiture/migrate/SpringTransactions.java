package io.confiture.migrate;

import io.confiture.error.ErrorCode;
import io.confiture.error.MigrationException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Guards against a transaction of Spring around an operation that makes its own. */
final class SpringTransactions {
    private SpringTransactions() {}

    /** @throws MigrationException if a transaction is active on this thread */
    static void requireNone(String operation) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            String name = TransactionSynchronizationManager.getCurrentTransactionName();
            throw new MigrationException(
                    ErrorCode.INSIDE_TRANSACTION,
                    operation + " was called inside the Spring transaction " + (name == null ? "" : name + " ")
                            + "and did nothing: migrations are transactions of their own, so the surrounding one could"
                            + " neither roll them back nor see them",
                    "Call it outside, for instance in a method annotated with"
                            + " @Transactional(propagation = Propagation.NOT_SUPPORTED).",
                    MigrationException.Place.UNKNOWN);
        }
    }
}
