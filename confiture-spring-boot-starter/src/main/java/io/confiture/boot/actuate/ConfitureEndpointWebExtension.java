package io.confiture.boot.actuate;

import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * Says by the HTTP status whether a section is as it should be, so that {@code curl -f} is a check.
 *
 * @since 0.1.0
 */
@EndpointWebExtension(endpoint = ConfitureEndpoint.class)
public final class ConfitureEndpointWebExtension {
    private final ConfitureEndpoint endpoint;

    public ConfitureEndpointWebExtension(ConfitureEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** 200, 503 if not {@linkplain SectionDescriptor#ok() ok}, 404 if there is no such database or section. */
    @ReadOperation
    public WebEndpointResponse<SectionDescriptor> section(@Selector String database, @Selector String section) {
        SectionDescriptor descriptor = endpoint.section(database, section);
        if (descriptor == null) {
            return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
        }
        return new WebEndpointResponse<>(
                descriptor,
                descriptor.ok() ? WebEndpointResponse.STATUS_OK : WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
    }
}
