package io.idempotenttrace.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages that people read: each link between them leads somewhere, and the README stays one that is read to its end. */
class DocumentLinksTest {

    private static final Path REPOSITORY = Path.of("..", "..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final int MOST_OF_THE_README = 9000;

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(REPOSITORY, 4)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".md"))
                    .filter(file -> Stream.of("target", "node_modules", ".git")
                            .noneMatch(folder -> file.toString().contains("/" + folder + "/")))
                    .sorted()
                    .collect(Collectors.toList());
        }
    }

    @Test
    void eachLinkLeadsToAFileAndAHeading() throws IOException {
        List<Path> pages = pages();
        assertTrue(pages.size() > 10, () -> "pages: " + pages);
        List<String> dead = new ArrayList<>();
        for (Path page : pages) {
            Matcher links = LINK.matcher(withoutCode(Files.readString(page)));
            while (links.find()) {
                String link = links.group(1);
                if (!link.contains("://") && !leads(page, link)) {
                    dead.add(REPOSITORY.relativize(page) + ": " + link);
                }
            }
        }
        assertEquals(List.of(), dead);
    }

    private static boolean leads(Path page, String link) {
        int hash = link.indexOf('#');
        String file = hash < 0 ? link : link.substring(0, hash);
        Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
        return Files.exists(target) && (hash < 0 || anchors(target).contains(link.substring(hash + 1)));
    }

    /** As GitHub makes them: small letters, no punctuation, a hyphen for each blank. */
    private static List<String> anchors(Path page) {
        try (Stream<String> lines = Files.lines(page, StandardCharsets.UTF_8)) {
            return lines.filter(line -> line.startsWith("#"))
                    .map(line -> line.replaceFirst("^#+ +", "")
                            .toLowerCase(Locale.ROOT)
                            .replaceAll("[^\\p{L}\\p{N} _-]", "")
                            .replace(' ', '-'))
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withoutCode(String text) {
        return text.replaceAll("(?s)```.*?```", "").replaceAll("`[^`\n]*`", "");
    }

    @Test
    void eachPageIsInTheListOfPages() throws IOException {
        Path docs = REPOSITORY.resolve("agent/docs");
        String list = Files.readString(docs.resolve("README.md"));
        try (Stream<Path> files = Files.list(docs)) {
            assertEquals(
                    List.of(),
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".md") && !name.equals("README.md"))
                            .filter(name -> !list.contains("](" + name + ")"))
                            .sorted()
                            .collect(Collectors.toList()),
                    "agent/docs/README.md lacks these pages; add a row with the question that each answers");
        }
    }

    @Test
    void theReadmeIsShort() throws IOException {
        int length = Files.readString(REPOSITORY.resolve("README.md")).length();
        assertTrue(
                length <= MOST_OF_THE_README,
                () -> "the README has " + length + " characters; move some to agent/docs");
    }
}
