package org.chirplens.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class LoraConfigTest {
    private static final VitConfig VIT = new VitConfig(16, 8, 16, 3, 2, 32, 1e-12);

    /** The text of a config is part of a checkpoint's identity, which another process must find the same. */
    @Test
    void adaptersAreInTheOrderOfTheirNamesInEveryProcess() {
        LoraConfig lora = LoraConfig.onQueryAndValue(VIT, 2, 4, 0.1);
        assertThat(List.copyOf(lora.adapters().keySet())).hasSize(6).isSorted();
        assertThat(lora.toString()).matches(".*layer.0.*query.*layer.0.*value.*layer.1.*query.*layer.2.*value.*");
    }

    @Test
    void adaptersCannotBeChanged() {
        LoraConfig lora = LoraConfig.onQueryAndValue(VIT, 2, 4, 0.1);
        assertThatThrownBy(() -> lora.adapters().clear()).isInstanceOf(UnsupportedOperationException.class);
    }
}
