package org.chirplens.dataset;

/**
 * Two images that are equal in everything but one factor.
 *
 * @param factor that differs
 * @param image number of the image of the population
 * @param counterfactual number of the other one
 * @param value what the first has of the factor
 * @param counterfactualValue what the second has of it
 */
public record CounterfactualPair(
        Factor factor, int image, int counterfactual, String value, String counterfactualValue) {}
