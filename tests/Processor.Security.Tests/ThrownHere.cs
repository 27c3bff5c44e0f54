using System.Runtime.ExceptionServices;

namespace Processor.Security.Tests;

/// <summary>Every exception that was thrown on this thread while something ran, caught ones included, as a log would have it.</summary>
internal static class ThrownHere
{
    internal static List<string> During(Action act)
    {
        var thread = Environment.CurrentManagedThreadId;
        var thrown = new List<string>();
        void Note(object? sender, FirstChanceExceptionEventArgs told)
        {
            if (Environment.CurrentManagedThreadId == thread)
                thrown.Add(told.Exception.ToString());
        }

        AppDomain.CurrentDomain.FirstChanceException += Note;
        try
        {
            act();
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Note;
        }

        return thrown;
    }
}
