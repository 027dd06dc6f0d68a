namespace Ci.Evaluation;

/// <summary>How the resamples behind the intervals were drawn; a comparison draws the same way.</summary>
/// <param name="Seed">The generator's seed.</param>
/// <param name="Resamples">How many.</param>
/// <param name="BlockLength">Rows that are drawn together; 1 means that rows are taken as independent.</param>
/// <param name="Level">The intervals' confidence level.</param>
public sealed record ResamplingFacts(long Seed, int Resamples, int BlockLength, double Level);
