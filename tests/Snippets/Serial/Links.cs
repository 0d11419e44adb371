using Nerdbank.Streams;
using Sprig.IO;
using Sprig.IO.Links;
using Sprig.IO.Ports;
using Sprig.Scheduling;

namespace Snippets.Serial;

internal static class Links
{
    internal static async Task ChannelsAsync(byte[] picture)
    {
        #region channels_over_a_lossy_line
        SerialPort port = SerialPort.Open("/dev/ttyS1", 921_600);
        ReliableLink link = await ReliableLink.OpenAsync(port);             // waits for the other board, which does the same
        await using MultiplexingStream channels = MultiplexingStream.Create(
            new LoopStream(link), new MultiplexingStream.Options { ProtocolMajorVersion = 3 });

        Stream log = (await channels.OfferChannelAsync("log")).AsStream();  // the other board: AcceptChannelAsync("log")
        Stream pictures = (await channels.AcceptChannelAsync("pictures")).AsStream();
        Coroutine logging = Coroutine.Spawn(() => log.WriteAsync("started\n"u8.ToArray()));
        await pictures.ReadExactlyAsync(picture);
        await logging;
        #endregion
    }
}
