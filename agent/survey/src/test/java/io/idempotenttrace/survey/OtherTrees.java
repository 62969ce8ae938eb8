package io.idempotenttrace.survey;

import com.amazon.ion.IonSystem;
import com.amazon.ion.system.IonSystemBuilder;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigMemorySize;
import com.typesafe.config.ConfigValueFactory;
import com.upokecenter.cbor.CBORObject;
import org.dom4j.DocumentHelper;
import org.jdom2.Element;
import org.jsoup.Jsoup;
import org.msgpack.value.ValueFactory;

/** Trees of configuration, markup and binary formats. */
final class OtherTrees {

    private OtherTrees() {}

    static void add(Survey survey) {
        Library config = survey.library("com.typesafe:config", "settings of Akka, Play and Spark");
        config.type("Config", () -> ConfigFactory.parseString("a=1,b={c=x}"))
                .same(() -> ConfigFactory.parseString("b={c=x},a=1"))
                .part("number", () -> ConfigFactory.parseString("a=2,b={c=x}"))
                .part("text", () -> ConfigFactory.parseString("a=1,b={c=y}"));
        config.type("ConfigValue", () -> ConfigValueFactory.fromAnyRef(1))
                .part("value", () -> ConfigValueFactory.fromAnyRef(2));
        config.type("ConfigObject", () -> ConfigFactory.parseString("a=1").root())
                .part("value", () -> ConfigFactory.parseString("a=2").root());
        config.type("ConfigMemorySize", () -> ConfigMemorySize.ofBytes(1))
                .part("bytes", () -> ConfigMemorySize.ofBytes(2));

        Library msgpack = survey.library("org.msgpack:msgpack-core", "Fluentd's and others' binary JSON");
        msgpack.type("IntegerValue", () -> ValueFactory.newInteger(1)).part("value", () -> ValueFactory.newInteger(2));
        msgpack.type("StringValue", () -> ValueFactory.newString("a")).part("text", () -> ValueFactory.newString("b"));
        msgpack.type("MapValue", () -> ValueFactory.newMap(ValueFactory.newString("a"), ValueFactory.newInteger(1)))
                .part("value", () -> ValueFactory.newMap(ValueFactory.newString("a"), ValueFactory.newInteger(2)));
        msgpack.type("ArrayValue", () -> ValueFactory.newArray(ValueFactory.newInteger(1)))
                .part("element", () -> ValueFactory.newArray(ValueFactory.newInteger(2)));
        msgpack.type("BinaryValue", () -> ValueFactory.newBinary(new byte[] {1}))
                .part("bytes", () -> ValueFactory.newBinary(new byte[] {2}));

        IonSystem ion = IonSystemBuilder.standard().build();
        Library amazon = survey.library("com.amazon.ion:ion-java", "Amazon's typed JSON");
        amazon.type("IonStruct", () -> ion.singleValue("{a:1,b:\"x\"}"))
                .part("number", () -> ion.singleValue("{a:2,b:\"x\"}"))
                .part("text", () -> ion.singleValue("{a:1,b:\"y\"}"));
        amazon.type("IonList", () -> ion.singleValue("[1,2]")).part("element", () -> ion.singleValue("[1,3]"));
        amazon.type("IonInt", () -> ion.newInt(1)).part("value", () -> ion.newInt(2));
        amazon.type("IonDecimal", () -> ion.newDecimal(1.5)).part("value", () -> ion.newDecimal(1.25));
        amazon.type("Timestamp", () -> com.amazon.ion.Timestamp.valueOf("2020-01-01T00:00:00Z"))
                .part("second", () -> com.amazon.ion.Timestamp.valueOf("2020-01-01T00:00:01Z"));

        Library cbor = survey.library("com.upokecenter:cbor", "binary JSON of devices");
        cbor.type("CBORObject, map", () -> CBORObject.FromJSONString("{\"a\":1}"))
                .part("value", () -> CBORObject.FromJSONString("{\"a\":2}"))
                .part("name", () -> CBORObject.FromJSONString("{\"b\":1}"));
        cbor.type("CBORObject, array", () -> CBORObject.FromJSONString("[1,2]"))
                .part("element", () -> CBORObject.FromJSONString("[1,3]"));
        cbor.type("CBORObject, number", () -> CBORObject.FromObject(1)).part("value", () -> CBORObject.FromObject(2));

        Library jsoup = survey.library("org.jsoup:jsoup", "pages");
        jsoup.type("Document", () -> Jsoup.parse("<p class=a>b</p>"))
                .part("text", () -> Jsoup.parse("<p class=a>c</p>"))
                .part("attribute", () -> Jsoup.parse("<p class=x>b</p>"));
        jsoup.type("Element", () -> Jsoup.parse("<p class=a>b</p>").body())
                .part("text", () -> Jsoup.parse("<p class=a>c</p>").body());
        jsoup.type(
                        "Attributes",
                        () -> Jsoup.parse("<p class=a>b</p>").body().child(0).attributes())
                .part(
                        "value",
                        () -> Jsoup.parse("<p class=b>b</p>").body().child(0).attributes());

        Library jdom = survey.library("org.jdom:jdom2", "XML of older services");
        jdom.type("Element", () -> new Element("a").setText("b"))
                .part("name", () -> new Element("c").setText("b"))
                .part("text", () -> new Element("a").setText("c"))
                .part("attribute", () -> new Element("a").setText("b").setAttribute("x", "y"));
        jdom.type("Document", () -> new org.jdom2.Document(new Element("a").setText("b")))
                .part("text", () -> new org.jdom2.Document(new Element("a").setText("c")));

        Library dom4j = survey.library("org.dom4j:dom4j", "XML of Hibernate and reports");
        dom4j.type("Element", () -> DocumentHelper.parseText("<a b='c'>d</a>").getRootElement())
                .part("text", () -> DocumentHelper.parseText("<a b='c'>e</a>").getRootElement())
                .part(
                        "attribute",
                        () -> DocumentHelper.parseText("<a b='x'>d</a>").getRootElement());
        dom4j.type("Document", () -> DocumentHelper.parseText("<a b='c'>d</a>"))
                .part("text", () -> DocumentHelper.parseText("<a b='c'>e</a>"));
    }
}
