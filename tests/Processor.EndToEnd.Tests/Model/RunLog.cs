using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Processor.EndToEnd.Tests;

/// <summary>Keeps the latest warnings and errors of a run, so that a failure can tell what came before it.</summary>
internal sealed class RunLog
{
    private const int LinesMax = 200;

    private readonly Queue<string> lines = new();
    private readonly Dictionary<int, int> counts = [];

    /// <summary>The latest lines, oldest first.</summary>
    internal string Latest
    {
        get
        {
            lock (lines)
                return string.Join(Environment.NewLine, lines);
        }
    }

    /// <summary>How often something was said so far.</summary>
    /// <param name="number">Its event number.</param>
    internal int CountOf(int number)
    {
        lock (lines)
            return counts.GetValueOrDefault(number);
    }

    /// <summary>The log under the name of one who writes it.</summary>
    internal ILoggerFactory For(string name) => new Named(this, name);

    private void Add(int number, string line)
    {
        lock (lines)
        {
            counts[number] = counts.GetValueOrDefault(number) + 1;
            lines.Enqueue(line);
            if (lines.Count > LinesMax)
                lines.Dequeue();
        }
    }

    private sealed class Named(RunLog log, string name) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => new Writer(log, name);

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
            // Nothing is held.
        }
    }

    private sealed class Writer(RunLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var now = TimeProvider.System.GetUtcNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
            log.Add(eventId.Id, string.Create(CultureInfo.InvariantCulture, $"{now} {name} {eventId.Id} {formatter(state, exception)} {exception}"));
        }
    }
}
