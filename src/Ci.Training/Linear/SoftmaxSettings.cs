using Ci.Training.Parameters;

namespace Ci.Training.Linear;

/// <summary>Settings of <see cref="SoftmaxTrainer"/>.</summary>
/// <param name="L2">Weight of half the squared coefficients (of standardised features) against the summed cross-entropy.</param>
/// <param name="Iterations">Most steps of the optimiser.</param>
/// <param name="Tolerance">Stop when no entry of the mean gradient is larger.</param>
public sealed record SoftmaxSettings(double L2 = 1.0, int Iterations = 200, double Tolerance = 1e-6)
{
    private static readonly NumberParameter L2Parameter =
        new("l2", 1.0, 0, 1e12, "weight of half the squared coefficients of standardised features against the summed cross-entropy");

    private static readonly NumberParameter IterationsParameter = new("iterations", 200, 1, 100_000, "most steps of the optimiser (L-BFGS)", Whole: true);

    private static readonly NumberParameter ToleranceParameter = new("tolerance", 1e-6, 1e-12, 1, "stop when no entry of the mean gradient is larger");

    internal static IReadOnlyList<Parameter> Parameters { get; } = [L2Parameter, IterationsParameter, ToleranceParameter];

    internal static SoftmaxSettings Read(ParameterSection section) =>
        new(section.Number(L2Parameter), section.Integer(IterationsParameter), section.Number(ToleranceParameter));
}
