package io.confiture.boot.autoconfigure;

import io.confiture.error.EditDistance;
import java.beans.PropertyDescriptor;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/** The names of the properties there are. */
final class PropertyNames {
    private static final String PREFIX = "confiture";
    private static final String DATABASES = PREFIX + ".databases.";

    private static final Pattern INCLUDE = Pattern.compile(".*?\\.build\\.include\\[[0-9]+]");
    private static final Pattern PROFILE = Pattern.compile(".*?\\.seeds\\.profiles\\.[^.]+");

    private PropertyNames() {}

    /** Those whose names the application does not choose. */
    static List<String> all() {
        return below(PREFIX, ConfitureProperties.class);
    }

    /** What the names of a database's properties begin with. */
    static String prefix(String database) {
        return database.equals(MigratorBeans.DEFAULT_DATABASE) ? PREFIX : DATABASES + database;
    }

    /** A value as it is written in properties, such as {@code rollback-to}. */
    static String valueOf(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static List<String> below(String prefix, Class<?> type) {
        TreeSet<String> names = new TreeSet<>();
        collect(prefix, type, names);
        return List.copyOf(names);
    }

    /** The property most like {@code name}. */
    static String nearest(String name) {
        int end = name.startsWith(DATABASES) ? name.indexOf('.', DATABASES.length()) : -1;
        String database = end < 0 ? PREFIX : name.substring(0, end);
        Matcher include = INCLUDE.matcher(name);
        Matcher profile = PROFILE.matcher(name);
        List<String> candidates = include.lookingAt()
                ? below(include.group(), BuildProperties.Include.class)
                : profile.lookingAt()
                        ? below(profile.group(), SeedProperties.Profile.class)
                        : below(
                                database,
                                end < 0 ? ConfitureProperties.class : ConfitureProperties.NamedDatabase.class);
        return candidates.stream()
                .min(Comparator.comparingInt((String valid) -> distance(name, valid))
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
    }

    private static void collect(String prefix, Class<?> type, Set<String> names) {
        for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(type)) {
            String name = prefix + "." + DataObjectPropertyName.toDashedForm(property.getName());
            Class<?> propertyType = property.getPropertyType();
            if (property.getWriteMethod() != null) {
                names.add(name);
            } else if (propertyType.getPackageName().equals(PropertyNames.class.getPackageName())) {
                collect(name, propertyType, names);
            }
        }
    }

    /**
     * How unlike the names are, above all in their last parts: who writes {@code confiture.out-of-order} means
     * {@code confiture.migrate.out-of-order}, and who writes {@code user} means {@code username}, not {@code url}.
     */
    private static int distance(String a, String b) {
        String lastOfA = last(a);
        String lastOfB = last(b);
        return 2 * (EditDistance.between(lastOfA, lastOfB) - sameStart(lastOfA, lastOfB)) + EditDistance.between(a, b);
    }

    private static int sameStart(String a, String b) {
        int same = 0;
        while (same < Math.min(a.length(), b.length()) && a.charAt(same) == b.charAt(same)) {
            same++;
        }
        return same;
    }

    private static String last(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
