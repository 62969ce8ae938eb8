package io.idempotenttrace.applications.tomcat.webapp;

import io.idempotenttrace.TraceConflictException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/** Takes a span by its request's parameters, and answers how often a body has run in this deployment. */
public final class EmitServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    private final transient SpanStore spans = new SpanStore();

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        SpanStore.Span span =
                new SpanStore.Span(request.getParameter("id"), Map.of("name", request.getParameter("name")));
        response.setContentType("text/plain");
        response.getWriter().print(answer(span));
    }

    private String answer(SpanStore.Span span) {
        try {
            SpanStore.Receipt receipt = spans.append(span);
            return receipt + " bodies=" + spans.bodies();
        } catch (TraceConflictException e) {
            return "conflict, exception of "
                    + (e.getClass().getClassLoader() == getClass().getClassLoader() ? "own" : "another") + " loader";
        }
    }
}
