package io.idempotenttrace.dist;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The agent jar's contents in the form CycloneDX 1.6. The build writes it itself: Maven's plugin lists what a project depends on, which
 * is not what the archive holds, and it does nothing in a build without network. The same contents give the same bytes.
 */
final class BillOfMaterials {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final Set<String> OWN_LICENSE = Set.of("Apache-2.0");

    private final Library.Coordinates agent;
    private final LicenseTexts licenses;

    BillOfMaterials(Library.Coordinates agent, LicenseTexts licenses) {
        this.agent = agent;
        this.licenses = licenses;
    }

    /** @param timestamp ISO 8601; the build's, which is fixed, not that of the moment */
    String of(List<Library> libraries, String timestamp) throws IOException {
        ObjectNode bill = JSON.createObjectNode();
        bill.put("bomFormat", "CycloneDX");
        bill.put("specVersion", "1.6");
        ArrayNode components = JSON.createArrayNode();
        ArrayNode contained = JSON.createArrayNode();
        for (Library library : libraries) {
            components.add(component(library));
            contained.add(library.coordinates().packageUrl());
        }
        byte[] contents = components.toString().getBytes(StandardCharsets.UTF_8);
        bill.put("serialNumber", "urn:uuid:" + UUID.nameUUIDFromBytes(contents));
        bill.put("version", 1);
        ObjectNode metadata = bill.putObject("metadata");
        metadata.put("timestamp", timestamp);
        metadata.set("component", component(agent, "application", OWN_LICENSE));
        bill.set("components", components);
        ObjectNode dependency = bill.putArray("dependencies").addObject();
        dependency.put("ref", agent.packageUrl());
        dependency.set("dependsOn", contained);
        // Line ends as on the machine that built it would give another jar on Windows.
        return JSON.writeValueAsString(bill).replace("\r\n", "\n") + "\n";
    }

    private ObjectNode component(Library library) throws IOException {
        boolean own = library.coordinates().group().equals(agent.group());
        Set<String> identifiers = own ? OWN_LICENSE : licenses.identifiersOf(library.coordinates());
        ObjectNode component = component(library.coordinates(), "library", identifiers);
        ObjectNode hash = component.putArray("hashes").addObject();
        hash.put("alg", "SHA-256");
        hash.put("content", sha256(library.jar()));
        Set<Library.Coordinates> copiedIn = library.copiedIn();
        if (!copiedIn.isEmpty()) {
            ArrayNode inner = component.putArray("components");
            copiedIn.forEach(each -> inner.add(component(each, "library", licenses.identifiersOf(each))));
        }
        return component;
    }

    private static ObjectNode component(Library.Coordinates coordinates, String type, Set<String> identifiers) {
        ObjectNode component = JSON.createObjectNode();
        component.put("type", type);
        component.put("bom-ref", coordinates.packageUrl());
        component.put("group", coordinates.group());
        component.put("name", coordinates.name());
        component.put("version", coordinates.version());
        ArrayNode terms = component.putArray("licenses");
        identifiers.forEach(identifier -> terms.addObject().putObject("license").put("id", identifier));
        component.put("purl", coordinates.packageUrl());
        return component;
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
