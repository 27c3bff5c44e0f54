using System.Globalization;
using Processor.Testing;
using Xunit;

namespace Processor.EndToEnd.Tests;

/// <summary>
/// Operations, hosts and faults at random for as long as asked: some seconds here, minutes with <c>tools/soak</c>. It goes in
/// chapters with a seed each, and each ends with the comparison of model, senders, Redis and Postgres.
/// </summary>
public sealed class SoakTests
{
    private const string MinutesVariable = "PROCESSOR_SOAK_MINUTES";
    private const string VerdictVariable = "PROCESSOR_SOAK_VERDICT";

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan ChapterMax = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Random_faults_for_as_long_as_asked_end_in_the_state_of_a_plain_model()
    {
        var minutes = Environment.GetEnvironmentVariable(MinutesVariable);
        var length = string.IsNullOrEmpty(minutes) ? Short : TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture));
        var first = Seeds.Choose(20261001);
        var started = TimeProvider.System.GetTimestamp();
        var (steps, chapters, lineFaults) = (0, 0, 0);
        var faults = new List<string>();
        string? verdict = null;
        for (var left = length; left > TimeSpan.Zero; left = length - TimeProvider.System.GetElapsedTime(started))
        {
            var seed = unchecked(first + chapters);
            var chapter = new SoakChapter(seed, left < ChapterMax ? left : ChapterMax);
            try
            {
                await chapter.RunAsync(Tell);
            }
            catch (Exception problem)
            {
                Tell(problem);
                throw new SeededRunException(seed, problem);
            }

            // The first problem is the verdict: what comes of taking everything down is not.
            void Tell(Exception problem)
            {
                verdict ??= $"Soak failed in chapter {chapters + 1}, after {string.Join(", ", chapter.Faults)}. {Seeds.Message(seed)} {problem.Message}";
                Say(verdict);
            }

            steps += chapter.Steps;
            lineFaults += chapter.LineFaults;
            faults.AddRange(chapter.Faults);
            chapters++;
        }

        if (steps == 0 || faults.Count == 0)
            Say("Soak failed: nothing was played.");
        Assert.True(steps > 0 && faults.Count > 0, $"{steps} steps and {faults.Count} faults in {chapters} chapters.");
        var counts = string.Join(", ", faults.CountBy(fault => fault).OrderBy(fault => fault.Key, StringComparer.Ordinal).Select(fault => $"{fault.Value} × {fault.Key}"));
        Say($"Soak passed: {steps} steps, {chapters} chapters, seeds {first} to {unchecked(first + chapters - 1)}; {counts}; {lineFaults} on faulty lines.");
    }

    private static void Say(string verdict)
    {
        if (Environment.GetEnvironmentVariable(VerdictVariable) is { Length: > 0 } path)
            File.WriteAllText(path, verdict + "\n");
    }
}
