package io.confiture.hook;

import java.util.Objects;
import java.util.function.Consumer;

record SinglePointHook(HookPoint point, Consumer<HookContext> action) implements MigrationHook {
    SinglePointHook {
        Objects.requireNonNull(point, "point");
        Objects.requireNonNull(action, "action");
    }

    @Override
    public String name() {
        String type = action.getClass().getName();
        // The rest of a lambda's name differs from start to start.
        int lambda = type.indexOf("$$Lambda");
        return lambda < 0 ? type : type.substring(0, lambda) + " at " + point;
    }

    @Override
    public void call(HookContext context) {
        if (context.point() == point) {
            action.accept(context);
        }
    }
}
