using System.Net;
using System.Text.Json;
using Processor.Cards;
using Xunit;

namespace Processor.Api.Tests;

[Collection(FacadeTestGroup.Name)]
public sealed class ProgramTests(Facade facade)
{
    [Fact]
    public async Task A_program_tells_which_credentials_it_checks_by_the_names_of_keys()
    {
        var caller = await facade.CallAsync(credentials: new CredentialProfile
        {
            ValueKey = "cvk-2",
            CryptogramKey = "imk",
            CryptogramKeys = new Dictionary<byte, string> { [7] = "imk-7" },
            PinKey = "pvk",
            PinTriesMax = 4,
            ServiceCode = 21,
        });

        var program = await caller.GetAsync($"/v1/programs/prog_{caller.Program.Id}");
        var list = await caller.GetAsync("/v1/programs");

        Assert.Equal((HttpStatusCode.OK, "active", "Europe/Berlin"), (program.Status, program.TextAt("state"), program.TextAt("time_zone")));
        Assert.Equal(("cvk-2", "imk", "imk-7", "pvk"), (program.TextAt("credentials.value_key"), program.TextAt("credentials.cryptogram_key"), program.At("credentials.cryptogram_keys").GetProperty("7").GetString(), program.TextAt("credentials.pin_key")));
        Assert.Equal((4, "021"), (program.NumberAt("credentials.pin_tries_max"), program.TextAt("credentials.service_code")));
        Assert.Equal(JsonValueKind.Null, program.At("credentials.track_key").ValueKind);
        Assert.Equal(program.Text, Assert.Single(list.At("data").EnumerateArray()).GetRawText());
    }

    [Fact]
    public async Task Another_program_is_not_there()
    {
        var caller = await facade.CallAsync();
        var other = await facade.CallAsync();

        var found = await caller.GetAsync($"/v1/programs/prog_{other.Program.Id}");

        Assert.Equal(HttpStatusCode.NotFound, found.Status);
        Assert.Equal(JsonValueKind.Null, (await caller.GetAsync("/v1/programs")).At("data.0.credentials").ValueKind);
    }
}
