package io.idempotenttrace.examples.kubernetes;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.idempotenttrace.testkit.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files of the example, as a cluster reads them. */
final class Manifests {

    static final Path FOLDER = SharedData.repository().resolve("examples/kubernetes");

    private Manifests() {}

    /** The documents of a file, in their order; a key that stands twice is an error. */
    static List<JsonObject> documents(Path file) throws IOException {
        LoaderOptions strict = new LoaderOptions();
        strict.setAllowDuplicateKeys(false);
        List<JsonObject> documents = new ArrayList<>();
        for (Object document : new Yaml(new SafeConstructor(strict)).loadAll(Files.readString(file))) {
            documents.add(new Gson().toJsonTree(document).getAsJsonObject());
        }
        return documents;
    }

    static List<JsonObject> documents(String file) throws IOException {
        return documents(FOLDER.resolve(file));
    }

    /** The first document of that kind in a file. */
    static JsonObject document(String file, String kind) throws IOException {
        return documents(file).stream()
                .filter(document -> text(document, "kind").equals(kind))
                .findFirst()
                .orElseThrow(() -> new AssertionError(file + " has no " + kind));
    }

    /** What lies at a path of members and, as numbers, elements: {@code spec/containers/0/name}. */
    static JsonElement at(JsonElement root, String path) {
        JsonElement element = root;
        for (String step : path.split("/")) {
            element = element.isJsonArray()
                    ? element.getAsJsonArray().get(Integer.parseInt(step))
                    : element.getAsJsonObject().get(step);
            if (element == null) {
                throw new AssertionError("nothing at " + path + " of " + root);
            }
        }
        return element;
    }

    static String text(JsonElement root, String path) {
        return at(root, path).getAsString();
    }
}
