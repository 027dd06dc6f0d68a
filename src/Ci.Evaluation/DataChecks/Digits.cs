using System.Globalization;

namespace Ci.Evaluation;

/// <summary>Measured numbers with the digits that are worth writing.</summary>
internal static class Digits
{
    /// <summary>Six significant digits.</summary>
    public static double Round(double value) => double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
