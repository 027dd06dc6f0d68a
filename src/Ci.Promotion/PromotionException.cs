namespace Ci.Promotion;

/// <summary>The family of this room: what stands in a promotion's way, where, and what to do.</summary>
public class PromotionException(string message, Exception? inner = null) : Exception(message, inner);
