namespace Ci.Statistics.Tests;

/// <summary>Errors of a model with a known truth: a Gaussian first-order autoregression of variance 1, scaled by the hour and the day of the week if seasonal.</summary>
internal sealed record ErrorProcess(string Name, double Memory, bool Seasonal = false)
{
    /// <summary>The last is like the errors of an hourly load forecast: spread that triples within a day and is less at weekends.</summary>
    public static readonly IReadOnlyList<ErrorProcess> All =
    [
        new("independent", 0), new("AR(0.5)", 0.5), new("AR(0.7)", 0.7), new("AR(0.9)", 0.9), new("hourly load", 0.7, Seasonal: true),
    ];

    public double[] Draw(Random random, int rows)
    {
        var errors = new double[rows];
        var last = Normal(random);
        for (var i = 0; i < rows; i++)
        {
            errors[i] = this.Spread(i) * last;
            last = (this.Memory * last) + (Math.Sqrt(1 - (this.Memory * this.Memory)) * Normal(random));
        }

        return errors;
    }

    public double Rmse(int rows) => Math.Sqrt(Enumerable.Range(0, rows).Average(i => this.Spread(i) * this.Spread(i)));

    /// <summary>E|x| of a normal x is √(2/π) of its spread.</summary>
    public double Mae(int rows) => Math.Sqrt(2 / Math.PI) * Enumerable.Range(0, rows).Average(this.Spread);

    private double Spread(int row) => this.Seasonal ? (1 + (0.5 * Math.Sin(2 * Math.PI * row / 24))) * (row / 24 % 7 >= 5 ? 0.7 : 1) : 1;

    /// <summary>Box and Muller's standard normal.</summary>
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
