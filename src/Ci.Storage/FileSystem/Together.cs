using System.Runtime.ExceptionServices;

namespace Ci.Storage.FileSystem;

/// <summary>The same for many things on all cores. What goes wrong is told as if it had been done one by one: the first error alone.</summary>
public static class Together
{
    public static void Each<T>(IEnumerable<T> items, Action<T> action) => Unwrapped(() => Parallel.ForEach(items, action));

    public static void Each(int count, Action<int> action) => Unwrapped(() => Parallel.For(0, count, action));

    private static void Unwrapped(Action action)
    {
        try
        {
            action();
        }
        catch (AggregateException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
    }
}
