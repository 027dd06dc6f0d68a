namespace Ci.Promotion;

/// <summary>Other writers kept winning the compare-and-swap. Transient: nothing is half-written, run it again.</summary>
public sealed class PromotionContendedException(string message) : PromotionException(message);
