package io.confiture.boot.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.docs.MeterDocumentation;

/**
 * The meters beside those of the {@linkplain ConfitureObservationDocumentation observations}, and their tags.
 *
 * @since 0.1.0
 */
public enum ConfitureMeterDocumentation implements MeterDocumentation {

    /** How long one hook took at one point. */
    HOOK("confiture.hook", Meter.Type.TIMER, Keys.DATABASE, Keys.POINT, Keys.HOOK),

    /** How long a run waited for the migration lock. */
    LOCK_WAIT("confiture.lock.wait", Meter.Type.TIMER, Keys.DATABASE, Keys.OUTCOME),

    /** How many migrations are in a state. */
    MIGRATIONS("confiture.migrations", Meter.Type.GAUGE, Keys.DATABASE, Keys.STATE);

    private final String name;
    private final Meter.Type type;

    @SuppressWarnings("ImmutableEnumChecker") // given out as a copy
    private final KeyName[] keys;

    ConfitureMeterDocumentation(String name, Meter.Type type, KeyName... keys) {
        this.name = name;
        this.type = type;
        this.keys = keys;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public Meter.Type getType() {
        return type;
    }

    @Override
    public KeyName[] getKeyNames() {
        return keys.clone();
    }

    /** Tags of the meters. */
    public enum Keys implements KeyName {
        DATABASE("database"),
        POINT("point"),
        HOOK("hook"),
        OUTCOME("outcome"),
        STATE("state");

        private final String key;

        Keys(String key) {
            this.key = key;
        }

        @Override
        public String asString() {
            return key;
        }
    }
}
