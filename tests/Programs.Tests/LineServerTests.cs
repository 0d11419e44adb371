using System.Net;
using System.Text.Json.Serialization;
using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Synchronization;
using Sprig.Testing;
using Xunit;
using static Sprig.Programs.Tests.ProgramRun;

namespace Sprig.Programs.Tests;

[Collection(ProcessCollection.Name)]
public sealed partial class LineServerTests : IDisposable
{
    private readonly SocketListener _listener = SocketListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly Latest<string> _values = new();

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void A_client_that_reads_nothing_is_cut_off_and_holds_up_nobody()
    {
        List<int> lengths = [];
        string[] said = Run(Seconds(30), async () =>
        {
            using SocketStream deaf = await SocketStream.ConnectAsync(_listener.LocalEndPoint);
            using SocketStream client = await SocketStream.ConnectAsync(_listener.LocalEndPoint);
            LineReader lines = new(client, maxLength: 2_000_000);
            for (int i = 0; i < 12; i++)
            {
                // More than a socket holds for who does not read.
                _values.Set(new string((char)('a' + i), 1_000_000));
                lengths.Add((await lines.ReadLineAsync())!.Length);
            }

            await Coroutine.Sleep(Seconds(15));
        });
        Assert.Equal(Enumerable.Repeat(1_000_002, 12), lengths);
        Assert.Equal(2, said.Count(line => line.EndsWith("has come", StringComparison.Ordinal)));
        Assert.Equal(1, said.Count(line => line.EndsWith("has gone", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_65th_client_waits_until_one_of_the_others_has_gone()
    {
        List<string> lines = [];
        Run(Seconds(60), async () =>
        {
            _values.Set("first");
            List<SocketStream> served = [];
            for (int i = 0; i < 64; i++)
            {
                served.Add(await SocketStream.ConnectAsync(_listener.LocalEndPoint));
                lines.Add((await new LineReader(served[i]).ReadLineAsync())!);
            }

            using SocketStream late = await SocketStream.ConnectAsync(_listener.LocalEndPoint);
            LineReader reader = new(late);
            Assert.False(await Deadline.TryRunAsync(Seconds(5), async () => await reader.ReadLineAsync()));
            served[0].Dispose();
            // One that has gone is found out when there is something to tell: by the reset that answers it.
            _values.Set("second");
            await Coroutine.Sleep(Seconds(1));
            _values.Set("third");
            lines.Add((await reader.ReadLineAsync())!);
            served.ForEach(client => client.Dispose());
        });
        Assert.Equal([.. Enumerable.Repeat("\"first\"", 64), "\"third\""], lines);
    }

    private string[] Run(TimeSpan length, Func<Task> beside)
        => For(length, new SimulatedBoard(), new LineServer<string>(_listener, _values, TextContext.Default.String).RunAsync, beside);

    [JsonSerializable(typeof(string))]
    private sealed partial class TextContext : JsonSerializerContext;
}
