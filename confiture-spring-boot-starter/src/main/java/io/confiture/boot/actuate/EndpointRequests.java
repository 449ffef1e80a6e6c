package io.confiture.boot.actuate;

import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameter;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;
import org.springframework.boot.actuate.endpoint.invoke.ParameterMappingException;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;

/**
 * Checks the requests to the endpoint {@code confiture} before it acts on them. A parameter that does not exist is refused
 * rather than passed over, since who misspells {@code target} would otherwise migrate further than meant; so is a body or a
 * query that puts another database in the place of the one of the path; and over HTTP the answer says what is wrong, which
 * Spring Boot leaves out.
 *
 * @since 0.1.0
 */
public final class EndpointRequests implements OperationInvokerAdvisor {
    private static final EndpointId ID = EndpointId.of("confiture");

    @Override
    public OperationInvoker apply(
            EndpointId endpointId,
            OperationType operationType,
            OperationParameters parameters,
            OperationInvoker invoker) {
        return ID.equals(endpointId) ? context -> invoke(context, parameters, invoker) : invoker;
    }

    private static @Nullable Object invoke(
            InvocationContext context, OperationParameters parameters, OperationInvoker invoker) {
        try {
            requireKnown(context, parameters);
            requireFromPath(context, parameters);
            return invoker.invoke(context);
        } catch (InvalidEndpointRequestException e) {
            if (!context.canResolve(WebServerNamespace.class)) {
                throw e;
            }
            int status = e instanceof Nearest.NoSuchResource
                    ? WebEndpointResponse.STATUS_NOT_FOUND
                    : WebEndpointResponse.STATUS_BAD_REQUEST;
            return new WebEndpointResponse<>(
                    new OperationDescriptor.Failed(false, status, null, message(e), null, List.of()), status);
        }
    }

    private static String message(InvalidEndpointRequestException failure) {
        if (failure instanceof ParameterMappingException mapping) {
            return mapping.getParameter().getName() + " cannot be '"
                    + Nearest.shortened(String.valueOf(mapping.getValue())) + "'";
        }
        return failure.getReason() == null ? String.valueOf(failure.getMessage()) : failure.getReason();
    }

    /** What body and query say goes before the path in Spring Boot; only what is really of the path is an array of text. */
    private static void requireFromPath(InvocationContext context, OperationParameters parameters) {
        if (!context.canResolve(WebServerNamespace.class)) {
            return;
        }
        for (OperationParameter parameter : parameters) {
            Object value = context.getArguments().get(parameter.getName());
            if (parameter.getType() == String[].class && value != null && !(value instanceof String[])) {
                String message = "The " + parameter.getName() + " is said by the path of the request, and nowhere else";
                throw new InvalidEndpointRequestException(message, message);
            }
        }
    }

    private static void requireKnown(InvocationContext context, OperationParameters parameters) {
        TreeSet<String> known = new TreeSet<>();
        parameters.forEach(parameter -> known.add(parameter.getName()));
        for (String name : context.getArguments().keySet()) {
            if (!known.contains(name)) {
                throw Nearest.invalid("parameter", name, known);
            }
        }
    }
}
