package io.confiture.boot.autoconfigure;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ConfigurableApplicationContext;

/** How the process ends when it has done what it was started for. */
@FunctionalInterface
interface ProcessExit {

    /** Ends the process as having done its work. */
    void exit(ConfigurableApplicationContext context);

    static ProcessExit ofThisProcess() {
        return context -> {
            Logger log = LoggerFactory.getLogger(ProcessExit.class);
            try {
                // By hand: the hook that closes contexts does not wait for one whose thread is inside System.exit.
                context.close();
            } catch (RuntimeException e) {
                log.warn("The application did not end cleanly; what it was started for is done all the same", e);
            }
            System.exit(0);
        };
    }
}
