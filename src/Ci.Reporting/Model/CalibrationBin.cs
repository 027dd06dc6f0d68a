namespace Ci.Reporting;

/// <summary>Rows whose predicted probability fell into one bin: their mean probability, and how often the class was true, with its interval.</summary>
public sealed record CalibrationBin(double Predicted, double Observed, double Low, double High, int Rows);
