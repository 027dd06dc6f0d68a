namespace Ci.Forges;

/// <summary>How loud an annotation is.</summary>
public enum CheckAnnotationLevel
{
    Notice,
    Warning,
    Failure,
}
