using System.Text;
using Sprig.Hosting;
using Sprig.IO;
using Sprig.Scheduling;
using Sprig.Tests.Scheduling;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.Hosting;

public sealed class JournalWriterTests : IDisposable
{
    private readonly DatagramReceiver _journal = new();
    private readonly UnixDatagramSender _sender;
    private readonly StringWriter _text = new() { NewLine = "\n" };
    private readonly JournalWriter _writer;

    public JournalWriterTests()
    {
        _sender = new UnixDatagramSender(_journal.Address);
        _writer = new JournalWriter(new JournalSocket(_sender.TrySend, message => _sender.TrySendAsFile(message)), _text, "test");
    }

    public void Dispose()
    {
        _sender.Dispose();
        _journal.Dispose();
    }

    [Fact]
    public void An_entry_has_its_fields_and_says_who_and_where()
    {
        new VirtualRun().Run(async () =>
        {
            await Coroutine.Yield();
            _writer.Write(JournalPriority.Warning, "reading", [("SENSOR", "gps"), ("VALUE", 3.5)], ("a.cs", 7, "Poll"));
        });
        _writer.Write(JournalPriority.Debug, "outside", []);
        Assert.Equal(
            ["MESSAGE=reading\nPRIORITY=4\nSYSLOG_IDENTIFIER=test\nCODE_FILE=a.cs\nCODE_LINE=7\nCODE_FUNC=Poll\nSPRIG_COROUTINE=main\nSENSOR=gps\nVALUE=3.5\n",
                "MESSAGE=outside\nPRIORITY=7\nSYSLOG_IDENTIFIER=test\n"],
            _journal.Take());
        Assert.Equal("", _text.ToString());
    }

    [Fact]
    public void A_value_that_writes_an_entry_itself_spoils_no_other()
    {
        _writer.Write(JournalPriority.Info, "outer", [("VALUE", new Talkative(_writer)), ("LAST", 1)]);
        Assert.Equal(
            ["MESSAGE=inner\nPRIORITY=7\nSYSLOG_IDENTIFIER=test\n", "MESSAGE=outer\nPRIORITY=6\nSYSLOG_IDENTIFIER=test\nVALUE=said\nLAST=1\n"],
            _journal.Take());
    }

    [Fact]
    public void One_that_is_too_long_for_a_datagram_goes_as_a_file()
    {
        _writer.Write(JournalPriority.Info, new string('x', 1_000_000), []);
        string entry = Assert.Single(_journal.Take());
        Assert.StartsWith("file: MESSAGE=xxx", entry, StringComparison.Ordinal);
        Assert.EndsWith("xxx\nPRIORITY=6\nSYSLOG_IDENTIFIER=test\n", entry, StringComparison.Ordinal);
        Assert.Equal(0, _writer.Lost);
    }

    [Fact]
    public void What_finds_no_room_is_lost_and_the_next_entry_says_how_many()
    {
        int sent = 0;
        while (_writer.Lost < 3)
        {
            _writer.Write(JournalPriority.Info, "more", []);
            sent++;
        }

        Assert.Equal(sent - 3, _journal.Take().Length);
        _writer.Write(JournalPriority.Info, "again", []);
        _writer.Write(JournalPriority.Info, "and again", []);
        Assert.Equal(
            ["MESSAGE=again\nPRIORITY=6\nSYSLOG_IDENTIFIER=test\nSPRIG_LOST=3\n", "MESSAGE=and again\nPRIORITY=6\nSYSLOG_IDENTIFIER=test\n"],
            _journal.Take());
        Assert.Equal("", _text.ToString());
    }

    [Fact]
    public void Where_the_kernel_has_no_memory_for_a_datagram_a_file_may_do()
    {
        List<string> files = [];
        JournalWriter writer = new(
            new JournalSocket(_ => DatagramOutcome.NoMemory, message =>
            {
                files.Add(Encoding.UTF8.GetString(message));
                return files.Count == 1 ? DatagramOutcome.Sent : DatagramOutcome.NoMemory;
            }),
            _text,
            "test");
        writer.Write(JournalPriority.Info, "one", []);
        writer.Write(JournalPriority.Info, "two", []);
        Assert.Equal((2, 1), (files.Count, writer.Lost));
    }

    [Fact]
    public void A_journal_that_is_gone_leaves_text_of_its_level()
    {
        _journal.Dispose();
        _writer.Write(JournalPriority.Error, "reading", [("SENSOR", "gps")]);
        Assert.Equal("<3>reading SENSOR=gps\n", _text.ToString());
        Assert.Equal(1, _writer.Lost);
    }

    [Fact]
    public void Without_a_journal_it_is_a_line_of_text()
    {
        JournalWriter writer = new(null, _text, "test");
        Assert.False(writer.HasJournal);
        writer.Write(JournalPriority.Notice, "reading", [("SENSOR", "a \"b\"\nc"), ("VALUE", 3.5), ("NONE", null), ("BYTES", new byte[] { 1, 255 }), ("EMPTY", "")]);
        Assert.Equal("notice: reading SENSOR=\"a \\\"b\\\"\\nc\" VALUE=3.5 BYTES=01FF EMPTY=\"\"\n", _text.ToString());
    }

    [Theory]
    [InlineData("8:123", "socket:[123]", true)]
    [InlineData("8:123", "socket:[12]", false)]
    [InlineData("8:123", "/dev/pts/3", false)]
    [InlineData("8:123", null, false)]
    [InlineData("8:", "socket:[]", false)]
    [InlineData("nonsense", "socket:[123]", false)]
    public void The_journal_is_known_by_the_descriptor_that_it_was_given(string stream, string? descriptor, bool isJournal)
        => Assert.Equal(isJournal, JournalSocket.IsJournal(stream, descriptor));

    [Fact]
    public void Wrong_use_is_told()
    {
        Assert.Throws<ArgumentNullException>(() => Journal.Write(JournalPriority.Info, null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => Journal.Write((JournalPriority)8, "x"));
        Assert.Throws<ArgumentException>(() => Journal.Write(JournalPriority.Info, "x", [("lower", 1)]));
        Assert.Equal(0, Journal.Lost);
    }

    private sealed class Talkative(JournalWriter writer)
    {
        public override string ToString()
        {
            writer.Write(JournalPriority.Debug, "inner", []);
            return "said";
        }
    }
}
