package io.confiture.boot.actuate;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/**
 * The part of a list that is asked for.
 *
 * @param number counts from 0
 * @param size how many entries a page has at most
 */
record Page(int number, int size) {
    private static final int DEFAULT_SIZE = 100;
    private static final int MAX_SIZE = 1000;

    static Page of(@Nullable Integer number, @Nullable Integer size) {
        Page page = new Page(number == null ? 0 : number, size == null ? DEFAULT_SIZE : size);
        if (page.number() < 0) {
            throw invalid("page must be 0 or more, but is " + page.number());
        }
        if (page.size() < 1 || page.size() > MAX_SIZE) {
            throw invalid("size must be between 1 and " + MAX_SIZE + ", but is " + page.size());
        }
        return page;
    }

    private static InvalidEndpointRequestException invalid(String message) {
        return new InvalidEndpointRequestException(message, message);
    }

    /** Empty beyond the last page. */
    <T> List<T> of(List<T> all) {
        long from = Math.min((long) number * size, all.size());
        return all.subList((int) from, (int) Math.min(from + size, all.size()));
    }
}
