package io.idempotenttrace.payloads;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.persistence.Access;
import jakarta.persistence.AccessType;
import jakarta.persistence.Basic;
import jakarta.persistence.CascadeType;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.ManyToOne;
import java.util.Objects;
import java.util.function.Supplier;

/** Entities that EclipseLink weaves for a test, which knows them as what gives itself some content, and loads it when it is run. */
public final class WovenEntities {

    private WovenEntities() {}

    @Entity(name = "ElCustomer")
    public static class Customer {

        @Id
        private String id;

        protected Customer() {}

        Customer(String id) {
            this.id = id;
        }

        public String getId() {
            return id;
        }
    }

    @Entity(name = "ElOrder")
    public static class Order implements Runnable, Supplier<Object> {

        @Id
        private String id;

        @ManyToOne(fetch = FetchType.LAZY, cascade = CascadeType.ALL)
        private Customer buyer;

        @Basic(fetch = FetchType.LAZY)
        private String note;

        public Order() {}

        public String getId() {
            return id;
        }

        public Customer getBuyer() {
            return buyer;
        }

        public String getNote() {
            return note;
        }

        /** Reads an attribute of another name. */
        public String getSummary() {
            return id + ": " + note;
        }

        @Override
        public void run() {
            getNote();
            getBuyer().getId();
        }

        @Override
        public Object get() {
            id = "o1";
            note = "n";
            buyer = new Customer("c1");
            return this;
        }
    }

    /** Without getters: what Jackson is to write are the fields. */
    @Entity(name = "ElFieldOrder")
    public static class FieldOrder implements Runnable, Supplier<Object> {

        @Id
        @JsonProperty
        private String id;

        @JsonProperty
        @ManyToOne(fetch = FetchType.LAZY, cascade = CascadeType.ALL)
        private Customer buyer;

        @JsonProperty
        @Basic(fetch = FetchType.LAZY)
        private String note;

        public FieldOrder() {}

        @Override
        public void run() {
            Objects.requireNonNull(note);
            Objects.requireNonNull(buyer);
        }

        @Override
        public Object get() {
            id = "f1";
            note = "n";
            buyer = new Customer("c3");
            return this;
        }
    }

    /** Of which nothing but the id is shown. */
    @Entity(name = "ElHiddenOrder")
    public static class HiddenOrder implements Runnable, Supplier<Object> {

        @Id
        private String id;

        @ManyToOne(fetch = FetchType.LAZY, cascade = CascadeType.ALL)
        private Customer buyer;

        public HiddenOrder() {}

        public String getId() {
            return id;
        }

        @Override
        public void run() {
            Objects.requireNonNull(buyer);
        }

        @Override
        public Object get() {
            id = "h1";
            buyer = new Customer("c4");
            return this;
        }
    }

    /** With its annotations on the getters. */
    @Entity(name = "ElPropertyOrder")
    @Access(AccessType.PROPERTY)
    public static class PropertyOrder implements Runnable, Supplier<Object> {

        private String key;
        private Customer client;
        private String text;

        public PropertyOrder() {}

        @Id
        public String getId() {
            return key;
        }

        public void setId(String id) {
            key = id;
        }

        @ManyToOne(fetch = FetchType.LAZY, cascade = CascadeType.ALL)
        public Customer getBuyer() {
            return client;
        }

        public void setBuyer(Customer buyer) {
            client = buyer;
        }

        @Basic(fetch = FetchType.LAZY)
        public String getNote() {
            return text;
        }

        public void setNote(String note) {
            text = note;
        }

        @Override
        public void run() {
            getNote();
            getBuyer().getId();
        }

        @Override
        public Object get() {
            setId("p1");
            setNote("n");
            setBuyer(new Customer("c2"));
            return this;
        }
    }
}
