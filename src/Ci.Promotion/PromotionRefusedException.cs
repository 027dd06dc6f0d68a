namespace Ci.Promotion;

/// <summary>A rule, a freeze, a hold or a signature says no. Terminal until a person or a newer release changes that.</summary>
public sealed class PromotionRefusedException(string message, Exception? inner = null) : PromotionException(message, inner);
