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
        return action.getClass().getName();
    }

    @Override
    public void call(HookContext context) {
        if (context.point() == point) {
            action.accept(context);
        }
    }
}
