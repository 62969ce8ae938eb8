package io.idempotenttrace.core.canonical;
import java.util.*;
import java.security.*;
import tools.jackson.databind.*;
import tools.jackson.databind.json.JsonMapper;
public final class PayloadHasher {
    private final CanonicalForm form;
    static final JsonMapper M = JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY).build();
    public PayloadHasher(CanonicalForm form) { this.form = form; }
    public CanonicalForm form() { return form; }
    public PayloadDigest digest(Object document, Exclusions e) {
        try { return new PayloadDigest(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(M.writeValueAsBytes(document))), ""); } catch (GeneralSecurityException x) { throw new RuntimeException(x); } }
    public PayloadDigest digest(String[] names, Object[] values, Exclusions e) { Map<String,Object> m=new TreeMap<>(); for(int i=0;i<names.length;i++) m.put(names[i],values[i]); return digest(m,e); }
}
