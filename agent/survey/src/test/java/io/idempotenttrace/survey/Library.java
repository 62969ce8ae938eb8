package io.idempotenttrace.survey;

import java.util.ArrayList;
import java.util.List;

/** A library of the survey with the types that programs pass around. */
final class Library {

    private final String name;
    private final String why;
    private final List<TypeCase> types = new ArrayList<>();

    Library(String name, String why) {
        this.name = name;
        this.why = why;
    }

    TypeCase type(String typeName, TypeCase.Maker one) {
        TypeCase added = new TypeCase(this, typeName, one);
        types.add(added);
        return added;
    }

    String name() {
        return name;
    }

    /** Why it is popular: who has its types in hand. */
    String why() {
        return why;
    }

    List<TypeCase> types() {
        return types;
    }
}
