package io.idempotenttrace.dist.app;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Uses nothing of the agent, and loads classes of many kinds: own and the JDK's, nested, hidden, and those of proxies. */
public final class UnannotatedProgram {

    private static final int CLASSES = 20;

    interface Shape {

        double area();
    }

    record Square(double side) implements Shape {

        @Override
        public double area() {
            return side * side;
        }
    }

    enum Color {
        RED,
        GREEN
    }

    private UnannotatedProgram() {}

    public static void main(String[] arguments) throws Exception {
        Map<Color, List<Shape>> shapes =
                new TreeMap<>(Map.of(Color.RED, List.of(new Square(2)), Color.GREEN, List.of(() -> 1.0)));
        System.out.println(shapes.values().stream()
                .flatMap(List::stream)
                .map(Shape::area)
                .sorted()
                .collect(Collectors.toList()));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> answers = threads.invokeAll(java.util.Collections.nCopies(CLASSES, () -> {
                Shape shape = (Shape) java.lang.reflect.Proxy.newProxyInstance(
                        UnannotatedProgram.class.getClassLoader(),
                        new Class<?>[] {Shape.class},
                        (proxy, method, values) -> 3.0);
                return (int) shape.area() + Pattern.compile("a+").matcher("aaa").groupCount();
            }));
            System.out.println(answers.get(0).get());
        } finally {
            threads.shutdown();
        }
        new Last();
    }

    /** Loaded when all else is. */
    private static final class Last {}
}
