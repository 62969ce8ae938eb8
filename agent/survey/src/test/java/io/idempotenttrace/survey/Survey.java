package io.idempotenttrace.survey;

import java.util.ArrayList;
import java.util.List;

/** The table of libraries and types, one class for each family of libraries. */
final class Survey {

    private final List<Library> libraries = new ArrayList<>();

    private Survey() {}

    static List<Library> libraries() {
        Survey survey = new Survey();
        JsonTrees.add(survey);
        JdkValues.add(survey);
        JdkTime.add(survey);
        JdkContainers.add(survey);
        Messages.add(survey);
        Records.add(survey);
        Traces.add(survey);
        Clouds.add(survey);
        Web.add(survey);
        Times.add(survey);
        Containers.add(survey);
        Languages.add(survey);
        Stores.add(survey);
        OtherTrees.add(survey);
        HandWritten.add(survey);
        return survey.libraries;
    }

    /**
     * @param why why it is popular
     */
    Library library(String name, String why) {
        Library library = new Library(name, why);
        libraries.add(library);
        return library;
    }
}
