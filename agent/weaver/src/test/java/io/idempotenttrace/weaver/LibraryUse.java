package io.idempotenttrace.weaver;

import com.google.common.base.CaseFormat;
import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.HashBasedTable;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Iterables;
import com.google.common.collect.Lists;
import com.google.common.collect.Multimap;
import com.google.common.collect.Range;
import com.google.common.collect.Sets;
import com.google.common.collect.Table;
import com.google.common.collect.TreeRangeSet;
import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import com.google.common.math.IntMath;
import com.google.common.primitives.Ints;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.hibernate.internal.util.StringHelper;
import org.hibernate.internal.util.collections.ArrayHelper;
import org.hibernate.type.descriptor.java.LocalDateJavaType;
import org.hibernate.type.descriptor.java.UUIDJavaType;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.util.AntPathMatcher;

/** Real code of the libraries under test; what it answers must not depend on guards that only observe. */
final class LibraryUse {

    /** A configuration of which Spring makes a subclass. */
    @Configuration
    static class Beans {

        @Bean
        List<String> words() {
            return List.of("one", "two");
        }

        @Bean
        String joined() {
            return String.join("+", words());
        }
    }

    private LibraryUse() {}

    static List<String> run() throws Exception {
        List<String> answers = new ArrayList<>();
        collections(answers);
        spring(answers);
        hibernate(answers);
        return answers;
    }

    private static void collections(List<String> answers) throws Exception {
        ImmutableMap<String, Integer> map = ImmutableMap.<String, Integer>builder()
                .put("a", 1)
                .put("b", 2)
                .put("c", 3)
                .build();
        answers.add(map + " " + map.entrySet().asList().reverse() + " " + map.equals(Map.of("a", 1, "b", 2, "c", 3))
                + " " + map.hashCode());
        Multimap<Integer, String> byLength = ArrayListMultimap.create();
        Splitter.on(',')
                .trimResults()
                .omitEmptyStrings()
                .split("kettle, cup,, pot ,plate")
                .forEach(word -> byLength.put(word.length(), word));
        answers.add(byLength + " " + byLength.size());
        Table<String, String, Integer> table = HashBasedTable.create();
        table.put("r", "c", 1);
        table.put("r", "d", 2);
        answers.add(table + " " + table.column("d"));
        TreeRangeSet<Integer> ranges = TreeRangeSet.create();
        ranges.add(Range.closedOpen(1, 5));
        ranges.add(Range.closed(5, 9));
        ranges.remove(Range.open(2, 4));
        answers.add(ranges + " " + ranges.contains(3));
        answers.add(Sets.powerSet(ImmutableSortedSet.of(1, 2, 3)).size() + " "
                + Lists.partition(Ints.asList(1, 2, 3, 4, 5), 2) + " "
                + Joiner.on('|').useForNull("-").join("a", null, "b") + " "
                + Iterables.getLast(ImmutableList.of(7, 8)));
        LoadingCache<Integer, Integer> squares = CacheBuilder.newBuilder()
                .maximumSize(2)
                .recordStats()
                .build(new CacheLoader<>() {
                    @Override
                    public Integer load(Integer key) {
                        return key * key;
                    }
                });
        for (int i = 0; i < 6; i++) {
            squares.get(i % 3);
        }
        answers.add(
                squares.get(2) + " " + squares.size() + " " + (squares.stats().loadCount() >= 3));
        answers.add(Hashing.sha256().hashString("x", StandardCharsets.UTF_8) + " "
                + Hashing.murmur3_128(7).hashLong(5) + " "
                + BaseEncoding.base32().encode(new byte[] {1, 2, 3}) + " " + IntMath.binomial(30, 12) + " "
                + CaseFormat.LOWER_CAMEL.to(CaseFormat.UPPER_UNDERSCORE, "lowerCamel"));
        try {
            ImmutableMap.of("a", 1, "a", 2);
        } catch (IllegalArgumentException e) {
            answers.add(e.getMessage());
        }
    }

    private static void spring(List<String> answers) {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Beans.class)) {
            answers.add(context.getBean("joined") + " " + (context.getBean("words") == context.getBean("words")));
        }
        answers.add(new SpelExpressionParser()
                        .parseExpression("{1,2,3}.?[#this > 1].![#this * 2] + ' ' + 'x'.concat('y')")
                        .getValue()
                + " "
                + DefaultConversionService.getSharedInstance().convert("1,2,3", int[].class).length + " "
                + new AntPathMatcher().match("/a/**/c?", "/a/b/b/cd"));
    }

    private static void hibernate(List<String> answers) {
        answers.add(StringHelper.qualify("a", "b") + " " + StringHelper.unqualify("x.y.z") + " "
                + String.join(",", ArrayHelper.join(new String[] {"p"}, "q", "r")) + " "
                + UUIDJavaType.INSTANCE.fromString("00000000-0000-0001-0000-000000000002") + " "
                + LocalDateJavaType.INSTANCE.fromString("2026-01-31"));
    }
}
