package io.idempotenttrace.examples.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads Zipkin v2 JSON: an array of spans, or an array of traces, each an array of spans. Holds the whole file in memory. */
final class TraceFiles {

    /** A file that holds no spans. The message is one line that names the file and what is wrong. */
    static final class BadInputException extends Exception {

        private static final long serialVersionUID = 1L;

        BadInputException(String message) {
            super(message);
        }
    }

    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private TraceFiles() {}

    /** The messages of a file, each one span's JSON. */
    static List<byte[]> read(Path file) throws BadInputException {
        if (Files.isDirectory(file)) {
            throw new BadInputException(file + " is a folder; name a Zipkin v2 JSON file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString());
        } catch (NoSuchFileException e) {
            throw new BadInputException(file + " does not exist; name a Zipkin v2 JSON file");
        } catch (IOException e) {
            throw new BadInputException(file + " can't be read (" + e + ")");
        }
    }

    /** The trace that the worker carries with it. */
    static List<byte[]> readSample() throws BadInputException {
        try (InputStream in = TraceFiles.class.getResourceAsStream("sample-trace.json")) {
            return read(in, "the bundled sample");
        } catch (IOException e) {
            throw new BadInputException("the bundled sample can't be read (" + e + ")");
        }
    }

    private static List<byte[]> read(InputStream in, String name) throws IOException, BadInputException {
        JsonNode document;
        try {
            document = JSON.readTree(in);
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " in line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw new BadInputException(name + " is not JSON" + where + ": "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
        if (document == null || document.isMissingNode()) {
            throw new BadInputException(name + " is empty; it should hold an array of Zipkin v2 spans");
        }
        if (!document.isArray()) {
            throw new BadInputException(name + " is not spans: it holds no JSON array of Zipkin v2 spans");
        }
        List<byte[]> messages = new ArrayList<>();
        for (int i = 0; i < document.size(); i++) {
            if (document.get(i).isArray()) {
                for (int j = 0; j < document.get(i).size(); j++) {
                    messages.add(message(document.get(i).get(j), name + ", trace " + i + ", element " + j));
                }
            } else {
                messages.add(message(document.get(i), name + ", element " + i));
            }
        }
        return messages;
    }

    private static byte[] message(JsonNode span, String where) throws IOException, BadInputException {
        if (!span.isObject()) {
            throw new BadInputException(where + " is not a span: no JSON object");
        }
        for (String field : List.of("traceId", "id")) {
            if (!span.path(field).isTextual()) {
                throw new BadInputException(where + " is not a span: it has no text '" + field + "'");
            }
        }
        return JSON.writeValueAsBytes(span);
    }
}
