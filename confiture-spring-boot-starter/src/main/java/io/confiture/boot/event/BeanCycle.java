package io.confiture.boot.event;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.BeanCurrentlyInCreationException;

/** Tells beans that wait for each other from any other failure to create one. */
final class BeanCycle {
    private BeanCycle() {}

    static boolean isIn(@Nullable Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof BeanCurrentlyInCreationException
                    // Spring has no type of its own for this one.
                    || t instanceof BeanCreationException
                            && String.valueOf(t.getMessage()).contains("Circular depends-on relationship")) {
                return true;
            }
        }
        return false;
    }
}
