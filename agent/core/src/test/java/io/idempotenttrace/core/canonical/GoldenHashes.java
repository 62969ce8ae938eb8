package io.idempotenttrace.core.canonical;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Prints the hash of every sample, and of many random numbers, texts and trees, in each form. */
final class GoldenHashes {

    private static final int RANDOM = 2000;

    private GoldenHashes() {}

    public static void main(String[] arguments) {
        for (Map.Entry<String, Object> sample : Samples.all().entrySet()) {
            System.out.println("python " + sample.getKey() + " " + hash(CanonicalForm.PYTHON, sample.getValue()));
            System.out.println("jcs " + sample.getKey() + " " + hash(CanonicalForm.JCS, sample.getValue()));
        }
        // java.util.Random is specified to give the same numbers everywhere.
        Random random = new Random(7);
        List<Object> doubles = new ArrayList<>();
        List<Object> floats = new ArrayList<>();
        List<Object> trees = new ArrayList<>();
        for (int i = 0; i < RANDOM; i++) {
            double number = Double.longBitsToDouble(random.nextLong());
            doubles.add(Double.isFinite(number) ? number : 0.5);
            float small = Float.intBitsToFloat(random.nextInt());
            floats.add(Float.isFinite(small) ? small : 0.5f);
            trees.add(tree(random, 4));
        }
        Map<String, Object> random2000 = new LinkedHashMap<>();
        random2000.put("random doubles", doubles);
        random2000.put("random floats", floats);
        random2000.put("random trees", trees);
        random2000.forEach(
                (name, value) -> System.out.println("python " + name + " " + hash(CanonicalForm.PYTHON, value)));
        System.out.println("jcs random doubles " + hash(CanonicalForm.JCS, doubles));
        System.out.println("jcs random floats " + hash(CanonicalForm.JCS, floats));
        for (CanonicalForm form : List.of(CanonicalForm.PYTHON_STR, CanonicalForm.PYTHON_UNICODE)) {
            Samples.all()
                    .forEach((name, value) -> System.out.println(form.key() + " " + name + " " + hash(form, value)));
        }
    }

    private static Object tree(Random random, int depth) {
        switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0:
                return random.nextLong();
            case 1:
                return random.nextGaussian();
            case 2:
                return text(random);
            case 3:
                return random.nextBoolean();
            case 4:
                return (float) random.nextGaussian();
            case 5:
                List<Object> list = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    list.add(tree(random, depth - 1));
                }
                return list;
            default:
                Map<String, Object> map = new HashMap<>();
                for (int i = random.nextInt(8); i > 0; i--) {
                    map.put(text(random), tree(random, depth - 1));
                }
                return map;
        }
    }

    private static String text(Random random) {
        char[] text = new char[random.nextInt(8)];
        for (int i = 0; i < text.length; i++) {
            text[i] = (char) random.nextInt(random.nextBoolean() ? 128 : 65536);
        }
        return new String(text);
    }

    private static String hash(CanonicalForm form, Object value) {
        try {
            return new PayloadHasher(form).hash(value, Exclusions.NONE);
        } catch (UnhashableException e) {
            return "refused at " + new String(e.pointer().getBytes(StandardCharsets.UTF_8), StandardCharsets.US_ASCII);
        }
    }
}
