package io.idempotenttrace.benchmarks.program;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A class as applications have thousands of, without annotation; {@link ClassLoading} copies its class file under other names. */
public class PlainClass00000 {

    private static final int MOST_LINES = 50;
    private static final String NO_PRODUCT = "an order line needs a product";

    private final Map<String, Integer> amounts = new LinkedHashMap<>();
    private final List<String> history = new ArrayList<>();
    private long priceInCents;
    private boolean closed;

    public void add(String product, int amount, long centsEach) {
        if (product == null || product.isEmpty()) {
            throw new IllegalArgumentException(NO_PRODUCT);
        }
        if (closed || amounts.size() >= MOST_LINES) {
            throw new IllegalStateException("order is full or closed: ".concat(String.valueOf(amounts.size())));
        }
        Integer before = amounts.put(product, amount);
        if (before != null) {
            priceInCents -= before * centsEach;
        }
        priceInCents += amount * centsEach;
        history.add(product);
    }

    public long total(double discount, boolean withTax) {
        double total = priceInCents;
        for (Map.Entry<String, Integer> line : amounts.entrySet()) {
            if (line.getValue() > 100) {
                total -= line.getValue() * discount;
            }
        }
        return Math.round(withTax ? total * 1.19 : total);
    }

    public List<String> products(String prefix) {
        List<String> found = new ArrayList<>(history.size());
        for (String product : history) {
            if (product.startsWith(prefix) && !found.contains(product)) {
                found.add(product);
            }
        }
        return found;
    }

    public boolean close() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("order of ")
                .append(amounts.size())
                .append(" lines, ")
                .append(priceInCents);
        return text.append(closed ? " (closed)" : " (open)").toString();
    }
}
