package org.chirplens.dataset;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.chirplens.figure.ColourMap;
import org.chirplens.figure.ElementStyle;
import org.chirplens.figure.FigureElement;
import org.chirplens.figure.FigureStyle;

/** A figure style in {@code dataset.json}: {@code "released"}, or the values in which it departs from that. */
final class FigureStyleJson {
    private static final String RELEASED = "released";

    private FigureStyleJson() {}

    static SimpleModule module() {
        SimpleModule module = new SimpleModule("figure-style");
        module.addSerializer(FigureStyle.class, new Writer());
        module.addDeserializer(FigureStyle.class, new Reader());
        return module;
    }

    private static final class Writer extends JsonSerializer<FigureStyle> {
        @Override
        public void serialize(FigureStyle style, JsonGenerator json, SerializerProvider provider) throws IOException {
            FigureStyle released = FigureStyle.released();
            if (style.equals(released)) {
                json.writeString(RELEASED);
                return;
            }
            json.writeStartObject();
            json.writeNumberField("width", style.width());
            json.writeNumberField("height", style.height());
            json.writeStringField("colours", style.colours().key());
            for (FigureElement element : FigureElement.values()) {
                if (!style.of(element).equals(released.of(element))) {
                    json.writeObjectFieldStart(key(element));
                    write(style.of(element), json);
                    json.writeEndObject();
                }
            }
            json.writeEndObject();
        }

        private static void write(ElementStyle element, JsonGenerator json) throws IOException {
            json.writeBooleanField("shown", element.shown());
            json.writeNumberField("right", element.right());
            json.writeNumberField("down", element.down());
            json.writeStringField("text", element.text());
        }
    }

    private static final class Reader extends JsonDeserializer<FigureStyle> {
        @Override
        public FigureStyle deserialize(JsonParser json, DeserializationContext context) throws IOException {
            JsonNode node = json.readValueAsTree();
            if (node.isTextual() && node.textValue().equals(RELEASED)) {
                return FigureStyle.released();
            }
            try {
                return style(node);
            } catch (IllegalArgumentException e) {
                throw context.weirdStringException(node.toString(), FigureStyle.class, String.valueOf(e.getMessage()));
            }
        }

        private static FigureStyle style(JsonNode node) {
            if (!node.isObject()) {
                throw new IllegalArgumentException("figure must be \"released\" or an object");
            }
            FigureStyle released = FigureStyle.released();
            int width = released.width();
            int height = released.height();
            ColourMap colours = released.colours();
            Map<FigureElement, ElementStyle> elements = new EnumMap<>(FigureElement.class);
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                switch (field.getKey()) {
                    case "width" -> width = field.getValue().intValue();
                    case "height" -> height = field.getValue().intValue();
                    case "colours" ->
                        colours = constant(ColourMap.values(), field.getValue().asText());
                    default -> {
                        FigureElement element = constant(FigureElement.values(), field.getKey());
                        elements.put(element, element(field.getValue(), released.of(element)));
                    }
                }
            }
            return new FigureStyle(width, height, colours, elements);
        }

        private static ElementStyle element(JsonNode node, ElementStyle released) {
            List<String> known = List.of("shown", "right", "down", "text");
            node.fieldNames().forEachRemaining(name -> {
                if (!known.contains(name)) {
                    throw new IllegalArgumentException("an element of a figure may have " + known + ", found " + name);
                }
            });
            return new ElementStyle(
                    node.path("shown").asBoolean(released.shown()),
                    node.path("right").asDouble(released.right()),
                    node.path("down").asDouble(released.down()),
                    node.path("text").asText(released.text()));
        }
    }

    private static String key(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static <E extends Enum<E>> E constant(E[] all, String key) {
        return Arrays.stream(all)
                .filter(constant -> key(constant).equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("figure may have "
                        + Arrays.stream(all).map(FigureStyleJson::key).toList() + ", found " + key));
    }
}
