using Ci.Training.Parameters;

namespace Ci.Training.Linear;

/// <summary>Settings of <see cref="RidgeTrainer"/>.</summary>
/// <param name="Lambda">Weight of the squared coefficients (of standardised features) against the sum of squared errors.</param>
public sealed record RidgeSettings(double Lambda = 1.0)
{
    private static readonly NumberParameter LambdaParameter =
        new("lambda", 1.0, 0, 1e12, "weight of the squared coefficients of standardised features against the sum of squared errors");

    internal static IReadOnlyList<Parameter> Parameters { get; } = [LambdaParameter];

    internal static RidgeSettings Read(ParameterSection section) => new(section.Number(LambdaParameter));
}
