package org.chirplens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterNamesTest {
    private static final Path FILE = Path.of("weights.pth");
    private static final String CLS = "embeddings.cls_token";
    private static final String QUERY = "encoder.layer.0.attention.attention.query";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "vit.",
                "base_model.model.",
                "base_model.model.vit.",
                "vit.base_model.model.",
                "vit.base_model.model.vit."
            })
    void anyOfTheKnownPrefixesIsTakenOff(String prefix) {
        ParameterNames names = of(prefix + CLS, prefix + "layernorm.bias", "regression_head.0.bias", "head.0.bias");

        assertThat(names.parameters()).contains(CLS, "layernorm.bias", "regression_head.0.bias");
        assertThat(names.inFile("layernorm.bias")).isEqualTo(prefix + "layernorm.bias");
        assertThat(names.inFile("layernorm.weight")).isEqualTo(prefix + "layernorm.weight");
        assertThat(names.inFile("regression_head.0.weight")).isEqualTo("regression_head.0.weight");
        assertThat(names.isClassification()).isEqualTo(prefix.endsWith("vit."));
    }

    @ParameterizedTest
    @CsvSource({
        "layers.3.attention.q_proj.bias,encoder.layer.3.attention.attention.query.bias",
        "encoder.layers.3.attention.k_proj.weight,encoder.layer.3.attention.attention.key.weight",
        "layers.3.attention.v_proj.weight,encoder.layer.3.attention.attention.value.weight",
        "layers.3.attention.o_proj.weight,encoder.layer.3.attention.output.dense.weight",
        "layers.3.mlp.fc1.weight,encoder.layer.3.intermediate.dense.weight",
        "layers.3.mlp.fc2.weight,encoder.layer.3.output.dense.weight",
        "layers.3.layernorm_after.bias,encoder.layer.3.layernorm_after.bias",
        "layers.3.mlp.fc2.base_layer.weight,encoder.layer.3.output.dense.weight",
        "layers.3.mlp.fc2.lora_A.default.weight,encoder.layer.3.output.dense.lora_A.weight",
        "layers.3.mlp.fc2.lora_B.weight,encoder.layer.3.output.dense.lora_B.weight",
        "encoder.layer.3.attention.attention.query.lora_A.other.weight,"
                + "encoder.layer.3.attention.attention.query.lora_A.other.weight"
    })
    void everyNameStyleIsUnderstood(String inFile, String ours) {
        ParameterNames names = of(CLS, inFile);

        assertThat(names.parameters()).contains(ours);
        assertThat(names.inFile(ours)).isEqualTo(inFile);
    }

    @Test
    void whatIsMissingIsNamedInTheStyleOfTheFile() {
        ParameterNames version5 = of(CLS, "layers.0.attention.q_proj.weight");
        assertThat(version5.inFile(QUERY + ".bias")).isEqualTo("layers.0.attention.q_proj.bias");
        assertThat(version5.inFile("encoder.layer.1.output.dense.bias")).isEqualTo("layers.1.mlp.fc2.bias");
        assertThat(version5.module(QUERY)).isEqualTo("layers.0.attention.q_proj");

        ParameterNames mixed = of(CLS, "encoder.layers.0.attention.attention.query.weight");
        assertThat(mixed.inFile(QUERY + ".bias")).isEqualTo("encoder.layers.0.attention.attention.query.bias");

        ParameterNames peft = of(
                "vit.base_model.model." + CLS,
                "vit.base_model.model." + QUERY + ".base_layer.weight",
                "vit.base_model.model." + QUERY + ".lora_A.default.weight");
        assertThat(peft.inFile(QUERY + ".bias")).isEqualTo("vit.base_model.model." + QUERY + ".base_layer.bias");
        assertThat(peft.inFile(QUERY + ".lora_B.weight"))
                .isEqualTo("vit.base_model.model." + QUERY + ".lora_B.default.weight");
        assertThat(peft.inFile("encoder.layer.0.attention.attention.key.bias"))
                .isEqualTo("vit.base_model.model.encoder.layer.0.attention.attention.key.bias");
        assertThat(peft.module(QUERY)).isEqualTo(QUERY);
    }

    @Test
    void anAdapterFileHasPeftsPrefix() {
        ParameterNames plain = ParameterNames.ofAdapter(FILE, Set.of("base_model.model." + QUERY + ".lora_A.weight"));
        ParameterNames classification =
                ParameterNames.ofAdapter(FILE, Set.of("base_model.model.vit.layers.0.mlp.fc1.lora_A.weight"));

        assertThat(plain.parameters()).containsExactly(QUERY + ".lora_A.weight");
        assertThat(plain.module(QUERY)).isEqualTo(QUERY);
        assertThat(classification.parameters()).containsExactly("encoder.layer.0.intermediate.dense.lora_A.weight");
        assertThat(classification.module(QUERY)).isEqualTo("vit.layers.0.attention.q_proj");
    }

    @Test
    void aParameterUnderTwoNamesIsRefused() {
        assertThatThrownBy(() -> of(
                        CLS,
                        QUERY + ".weight",
                        QUERY + ".base_layer.weight",
                        "layers.1.mlp.fc1.bias",
                        "encoder.layer.1.intermediate.dense.bias"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("weights.pth: a parameter must be there once, found under two names "
                        + QUERY + ".base_layer.weight and " + QUERY + ".weight; "
                        + "encoder.layer.1.intermediate.dense.bias and layers.1.mlp.fc1.bias");
    }

    @Test
    void aFileWithoutOneViTIsRefused() {
        assertThatThrownBy(() -> of("model.embed.weight", "bert.embeddings.cls_token"))
                .hasMessage("weights.pth: must hold one ViT, whose embeddings.cls_token has no prefix or one of vit."
                        + " and base_model.model., found 2 tensors such as bert.embeddings.cls_token,"
                        + " model.embed.weight");
        assertThatThrownBy(() -> of(CLS, "vit." + CLS)).hasMessageEndingWith("found the prefixes [, vit.]");
        assertThatThrownBy(() -> of()).hasMessageEndingWith("found 0 tensors");
    }

    private static ParameterNames of(String... names) {
        return ParameterNames.ofModel(FILE, Set.of(names));
    }
}
