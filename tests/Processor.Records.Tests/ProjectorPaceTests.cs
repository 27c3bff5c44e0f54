using Xunit;

namespace Processor.Records.Tests;

public sealed class ProjectorPaceTests
{
    private static readonly RecordsSettings Settings =
        new() { Postgres = "", ProjectorShare = 0.75, ProjectorLagMax = TimeSpan.FromSeconds(5) };

    [Theory]
    [InlineData(0, 10, 300)]
    [InlineData(5, 10, 300)]
    [InlineData(10, 10, 128)]
    [InlineData(15, 10, 0)]
    [InlineData(3600, 10, 0)]
    [InlineData(0, 150, 3_300)]
    [InlineData(3600, 150, 3_000)]
    [InlineData(3600, 2_000, 5_000)]
    public void The_further_behind_the_less_rest_and_the_slower_Redis_the_more(int lagSeconds, int noticeMilliseconds, int restMilliseconds)
    {
        var rest = ProjectorPace.Rest(
            Settings, TimeSpan.FromMilliseconds(900), TimeSpan.FromSeconds(lagSeconds), TimeSpan.FromMilliseconds(noticeMilliseconds));

        Assert.Equal(restMilliseconds, rest.TotalMilliseconds, tolerance: 1);
    }
}
