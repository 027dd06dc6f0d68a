namespace Ci.Jobs;

/// <summary>How loud an annotation is.</summary>
public enum AnnotationLevel
{
    Notice,
    Warning,
    Error,
}
