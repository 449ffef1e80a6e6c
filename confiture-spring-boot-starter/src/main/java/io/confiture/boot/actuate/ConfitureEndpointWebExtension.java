package io.confiture.boot.actuate;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * Says by the HTTP status whether a section is as it should be, so that {@code curl -f} is a check, and whether an
 * operation was carried out.
 *
 * @since 0.1.0
 */
@EndpointWebExtension(endpoint = ConfitureEndpoint.class)
public final class ConfitureEndpointWebExtension {
    private final ConfitureEndpoint endpoint;

    public ConfitureEndpointWebExtension(ConfitureEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** 200, or 503 for a section that is not {@linkplain SectionDescriptor#ok() ok}. */
    @ReadOperation
    public WebEndpointResponse<OperationResponseBody> database(
            @Selector(match = Selector.Match.ALL_REMAINING) String[] database,
            @Nullable Integer page,
            @Nullable Integer size,
            @Nullable String state) {
        OperationResponseBody descriptor = endpoint.database(database, page, size, state);
        boolean ok = !(descriptor instanceof SectionDescriptor section) || section.ok();
        return new WebEndpointResponse<>(
                descriptor, ok ? WebEndpointResponse.STATUS_OK : WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
    }

    /** 200, or the {@linkplain OperationDescriptor.Failed#status() status} of the failure. */
    @WriteOperation
    public WebEndpointResponse<OperationDescriptor> change(
            @Selector(match = Selector.Match.ALL_REMAINING) String[] database,
            String operation,
            @Nullable String target,
            @Nullable String migration,
            @Nullable Boolean preview,
            @Nullable Boolean checksums,
            @Nullable Boolean missing,
            @Nullable List<Object> done,
            @Nullable List<Object> retry,
            @Nullable List<Object> forget) {
        OperationDescriptor result = endpoint.change(
                database, operation, target, migration, preview, checksums, missing, done, retry, forget);
        return new WebEndpointResponse<>(
                result,
                result instanceof OperationDescriptor.Failed failed ? failed.status() : WebEndpointResponse.STATUS_OK);
    }
}
